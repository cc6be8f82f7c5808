import BuddyEngine
import Topology

/// A text as numbered lines, with the readers of numbers that all formats share.
struct KernelTextLines: Sequence {
    let file: String
    let lines: [Line]

    struct Line {
        let file: String
        /// From 1.
        let number: Int
        /// The line without its end.
        let content: String
        /// Whether it is the last line of a text that does not end with a newline, and may be cut off.
        let isLast: Bool
    }

    init(_ bytes: [UInt8], file: String) {
        self.file = file
        // Some archives fill up a sysfs file to its nominal page with zeros.
        let end = bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
        var pieces = bytes[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let isOpen = pieces.last?.isEmpty == false
        if !isOpen { pieces.removeLast() }
        lines = pieces.enumerated().map { index, piece in
            let content = piece.last == UInt8(ascii: "\r") ? piece.dropLast() : piece
            return Line(
                file: file, number: index + 1, content: String(decoding: content, as: UTF8.self),
                isLast: isOpen && index == pieces.count - 1)
        }
    }

    func makeIterator() -> IndexingIterator<[Line]> { lines.makeIterator() }

    /// A sentence for a text whose last line has no end; nil for others.
    var openEndNote: String? {
        guard let last = lines.last, last.isLast else { return nil }
        return last.note("the text does not end with a newline; its last line may be cut off")
    }

    /// Passes each line to `read`. An error in a last line without end becomes a note: the text was cut off there.
    func read(
        notes: inout [String], _ read: (Line, inout [String]) throws(KernelTextError) -> Void
    ) throws(KernelTextError) {
        for line in lines {
            do throws(KernelTextError) {
                try read(line, &notes)
            } catch {
                guard line.isLast else { throw error }
                notes.append(line.note("the last line is cut off and ignored"))
                return
            }
        }
        if let openEndNote { notes.append(openEndNote) }
    }
}

extension KernelTextLines.Line {
    /// The words of the line.
    var fields: [Substring] {
        content.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.map { Substring($0) }
    }

    func error(_ problem: String) -> KernelTextError {
        KernelTextError(file: file, line: number, problem: problem)
    }

    func note(_ sentence: String) -> String { "\(file):\(number): \(sentence)" }

    /// Reads a counter (`%lu`), which may have fallen below zero.
    func counter(_ field: Substring?, of name: some StringProtocol) throws(KernelTextError) -> UInt64 {
        guard let field else { throw error("\(name) has no value") }
        guard let value = UInt64(field) else { throw error("\(name) is '\(field.prefix(24))', not a number") }
        return value
    }

    /// Reads a number of pages or blocks: not negative, and no more than a machine can have.
    func amount(_ field: Substring?, of name: some StringProtocol) throws(KernelTextError) -> Int {
        let value = try counter(field, of: name)
        guard value <= Self.largestAmount else { throw error("\(name) is \(value), more than any machine has") }
        return Int(value)
    }

    /// Reads a small number, which may be negative.
    func integer(_ field: Substring?, of name: some StringProtocol) throws(KernelTextError) -> Int {
        guard let field else { throw error("\(name) has no value") }
        guard let value = Int(field), abs(value) <= Int(Self.largestAmount) else {
            throw error("\(name) is '\(field.prefix(24))', not a number in range")
        }
        return value
    }

    func node(_ field: Substring?) throws(KernelTextError) -> NodeID {
        guard let field, let value = Int(field), value >= 0, value < NodeID.limit else {
            throw error("the node is '\(field?.prefix(24) ?? "")', not a number from 0 to \(NodeID.limit - 1)")
        }
        return NodeID(value)
    }

    /// The node and zone of a line that begins "Node 0, zone      DMA", and the fields after them.
    func zoneHeader() throws(KernelTextError) -> (node: NodeID, zone: String, rest: ArraySlice<Substring>)? {
        let fields = self.fields
        guard fields.count >= 2, fields[0] == "Node", fields[1].last == "," else { return nil }
        let node = try node(fields[1].dropLast())
        guard fields.count >= 4, fields[2] == "zone" else { throw error("after the node there is no 'zone NAME'") }
        let zone = fields[3].last == "," ? fields[3].dropLast() : fields[3]
        return (node, String(zone), fields[4...])
    }

    /// 2^52 pages are 2^64 bytes.
    static var largestAmount: UInt64 { 1 << 52 }
}
