import TestSupport
import Testing

@testable import KernelLog

/// Quick questions about a line agree with the slow ones that they spare.
@Suite struct SpecialLineTests {
    private static func text(_ string: String) -> LogText { LogText(Array(string.utf8)) }

    @Test func `each special line is what it says it is, with any words around it`() {
        for line in SpecialLine.all {
            let parts = (line.start.map { ["\($0)"] } ?? ["tool:"]) + ["\(line.phrase)"] + line.also.map { "\($0)" }
            let example = Self.text(parts.joined(separator: " ") + " 12 pages")
            #expect(line.matches(example), "\(parts)")
            // The quick search finds it: another line that matches too may stand before it in the table.
            let found = SpecialLine.item(example)
            #expect(found == SpecialLine.all.first { $0.matches(example) }?.item && found != nil, "\(parts)")
            #expect(LogItem(example) == found)
            #expect(SpecialLine.item(Self.text("eth0: link is up")) == nil)
        }
    }

    /// Bytes and words that mean something to one of the decoders, put into a line at each place.
    @Test func `a line called plain reads as it does with everything decoded`() {
        let base = Array("Mar  2 00:00:22 host kernel: [    5.120864] Node 0 DMA free:12kB (UM) = 4kB".utf8)
        var pieces = (UInt8.min...UInt8.max).map { [$0] }
        pieces += [
            "[/code]", "[CODE]", "&lt;4&gt;", "<br>", "#012", "\\n", "\\x0a", "\u{1B}[32m", "\u{A0}",
            "{\"MESSAGE\":\"x\"}",
            "\"msg\": \"x\"", "=3D", "\r", "\t",
        ].map { Array($0.utf8) }
        var plain = 0
        for piece in pieces {
            for place in 0...base.count {
                let line = (base[..<place] + piece + base[place...])[...]
                guard LogMessage.isPlain(line) else { continue }
                plain += 1
                let quick = LogMessage.plainMessages(in: line)
                let slow = LogMessage.decodedMessages(in: line)
                let isSame = quick.elementsEqual(slow) {
                    $0.text.bytes == $1.text.bytes && $0.hasPrefix == $1.hasPrefix && $0.timestamp == $1.timestamp
                        && $0.caller == $1.caller
                }
                #expect(isSame, "\(String(decoding: line, as: UTF8.self))")
            }
        }
        #expect(plain > 10_000)
    }
}
