import BuddyEngine

/// Does to a log what loggers, terminals, mailers and people do, in one of twenty ways.
public enum LogDamage: String, CaseIterable, Sendable {
    case cutHead, cutTail, cutBoth, clip100, clip130, clip160, wrap60, wrap80, wrap100, wrap132, wrap160, wrap205
    case loseAnyLine, loseZoneLine, loseBlockLine, eatAsterisks, interleave, quote, quotedPrintable, html

    /// - Parameter seed: Which line, or where, if the way leaves that open.
    public func applied(to lines: [String], seed: UInt64) -> String {
        var generator = SeededRandom(seed: seed)
        switch self {
        case .cutHead:
            return join(Array(lines.dropFirst(Int.random(in: 1...max(1, lines.count - 1), using: &generator))))
        case .cutTail: return cut(lines, &generator)
        case .cutBoth:
            let middle = lines.dropFirst(lines.count / 8)
            return cut(Array(middle), &generator)
        case .clip100: return join(lines.map { String($0.prefix(100)) })
        case .clip130: return join(lines.map { String($0.prefix(130)) })
        case .clip160: return join(lines.map { String($0.prefix(160)) })
        case .wrap60: return wrap(lines, at: 60)
        case .wrap80: return wrap(lines, at: 80)
        case .wrap100: return wrap(lines, at: 100)
        case .wrap132: return wrap(lines, at: 132)
        case .wrap160: return wrap(lines, at: 160)
        case .wrap205: return wrap(lines, at: 205)
        case .loseAnyLine: return lose(lines, &generator) { _ in true }
        case .loseZoneLine: return lose(lines, &generator) { $0.contains(" free:") && $0.contains("min:") }
        case .loseBlockLine: return lose(lines, &generator) { $0.contains("*4kB") }
        case .eatAsterisks: return join(lines.map { $0.replacing("*", with: "") })
        case .interleave:
            let foreign = ["[  100.000001] usb 1-1: new high-speed USB device number 2", "eth0: link becomes ready"]
            return join(lines.enumerated().flatMap { $0 % 3 == 2 ? [$1, foreign[$0 % 2]] : [$1] })
        case .quote: return join(lines.map { "> > \($0)" })
        case .quotedPrintable: return join(lines.map(Self.quotedPrintable))
        case .html:
            let text = join(lines).replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(
                ">", with: "&gt;")
            return "<html><body><pre>\n\(text)</pre></body></html>\n"
        }
    }

    private func join(_ lines: [String]) -> String { lines.joined(separator: "\n") + "\n" }

    /// In the middle of a line, somewhere in the second half.
    private func cut(_ lines: [String], _ generator: inout SeededRandom) -> String {
        let text = join(lines)
        return String(
            text.prefix(Int.random(in: text.count / 3...max(text.count / 3, text.count - 1), using: &generator)))
    }

    private func wrap(_ lines: [String], at width: Int) -> String {
        join(
            lines.flatMap { line in
                let all = Array(line)
                return all.isEmpty
                    ? [""]
                    : stride(from: 0, to: all.count, by: width).map { String(all[$0..<min(all.count, $0 + width)]) }
            })
    }

    private func lose(_ lines: [String], _ generator: inout SeededRandom, _ isOne: (String) -> Bool) -> String {
        let places = lines.indices.filter { isOne(lines[$0]) }
        guard let place = places.randomElement(using: &generator) else { return join(lines) }
        var rest = lines
        rest.remove(at: place)
        return join(rest)
    }

    /// RFC 2045, with soft line breaks at 76.
    private static func quotedPrintable(_ line: String) -> String {
        var text = ""
        var length = 0
        for byte in line.utf8 {
            let piece =
                byte == 0x3D || byte > 0x7E || byte < 0x20 ? "=" + hexadecimal(byte) : String(UnicodeScalar(byte))
            if length + piece.count > 75 {
                text += "=\n"
                length = 0
            }
            text += piece
            length += piece.count
        }
        return text
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count == 1 ? "0" + digits : digits
    }
}
