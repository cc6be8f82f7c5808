import GFP
import SourceText
import TestSupport
import Testing
import Traces

@Suite struct BinaryTraceTests {
    static func read(_ bytes: [UInt8]) throws -> (events: [TraceEvent], vocabulary: TraceVocabulary) {
        var input = try TraceInput.open(ByteStream(name: "trace.nzt", bytes: bytes))
        let isBinary = input.isBinary
        #expect(isBinary)
        var events: [TraceEvent] = []
        var batch: [TraceEvent] = []
        while try input.read(into: &batch) { events += batch }
        return (events, input.vocabulary)
    }

    /// Times are kept to within the grain; everything else exactly.
    static func withoutTime(_ events: [TraceEvent]) -> [TraceEvent] {
        events.map {
            var event = $0
            event.time = 0
            if event.kind == .allocation || event.kind == .refusal { event.migratetype = TraceEvent.unknownMigratetype }
            return event
        }
    }

    @Test(arguments: [BinaryTrace.Packing.compressed, .stored])
    func `what is written is read again`(packing: BinaryTrace.Packing) throws {
        var events = try TraceMaker.make(events: 40_000, seed: 3)
        events += [
            TraceEvent(.taken, frame: 5, order: 3, cpu: 4095, migratetype: 1, detail: 1),
            TraceEvent(.taken, frame: 5, order: 3, cpu: 70_000, migratetype: 255, detail: 2),
            TraceEvent(.drain, frame: 1 << 50, order: 0, cpu: 9, task: .max, migratetype: 2),
            TraceEvent(.fallback, frame: 1 << 36, order: 1, migratetype: 0, detail: 9 | 1 << 8),
            TraceEvent(.free, frame: 0xFFFF_FFFF_C10A_EA00, order: 13, hasFrame: false),
            TraceEvent(.mark, detail: 1), TraceEvent(.loss, cpu: 3, detail: 812),
        ]
        let bytes = try TraceMaker.file(events, packing: packing)
        let (read, vocabulary) = try Self.read(bytes)
        #expect(Self.withoutTime(read) == Self.withoutTime(events))
        #expect(vocabulary == TraceMaker.vocabulary)
        for (one, other) in zip(read, events) where other.time > 0 {
            #expect(one.time <= other.time && other.time - one.time < 100_000)
        }
        if packing == .stored { #expect(bytes.count < events.count * 6, "a few bytes an event") }
    }

    @Test func `a file cut anywhere is an error that says where`() throws {
        let bytes = try TraceMaker.file(TraceMaker.make(events: 300, seed: 4))
        for length in stride(from: 9, to: bytes.count, by: 11) {
            let error = #expect(throws: TraceError.self) { try Self.read(Array(bytes[..<length])) }
            #expect(error?.kind == .truncated && error?.offset == length)
        }
    }

    @Test func `any changed byte is noticed, but for bits after the end of packed data, which say nothing`() throws {
        let bytes = try TraceMaker.file(TraceMaker.make(events: 300, seed: 5))
        let events = try Self.read(bytes).events
        var unnoticed = 0
        for place in 8..<bytes.count {
            var changed = bytes
            changed[place] ^= 0x10
            do {
                let isSame = try Self.read(changed).events == events
                #expect(isSame, "byte \(place)")
                unnoticed += 1
            } catch { #expect((error as? TraceError)?.offset != nil, "byte \(place)") }
        }
        // One for each block that is packed: of masks, of marks, of events.
        #expect(unnoticed <= 3)
    }

    @Test func `another version is refused by its number`() throws {
        var bytes = try TraceMaker.file(TraceMaker.make(events: 10, seed: 6))
        bytes[8] = 7
        let error = #expect(throws: TraceError.self) { try Self.read(bytes) }
        #expect(error?.kind == .version && error?.message.contains("version 7") == true)
    }

    @Test func `a block whose header lies about its size, checksum right, is refused unread`() throws {
        let header = Array(try TraceMaker.file([])[..<32])
        for (count, size, packed) in [(1, 0xFFFF_FFFF, 8), (1, 8, 0xFFFF_FFFF), (0x2000_0000, 8, 8), (2, 8, 8)] {
            var block: [UInt8] = [0x45, 0, 0, 0] + number(count) + number(size) + number(packed)
            let payload = [UInt8](repeating: 0, count: 8)
            block += number(Int(payload.withUnsafeBytes { DeflateBlock.checksum($0) }))
            block += number(Int(block.withUnsafeBytes { DeflateBlock.checksum($0) }))
            let error = #expect(throws: TraceError.self) { try Self.read(header + block + payload) }
            #expect(error?.kind == .damaged && error?.offset == 32)
        }
    }

    @Test func `a file of version 1, with words of eight bytes, is read`() throws {
        func block(_ kind: UInt8, count: Int, _ content: [UInt8]) -> [UInt8] {
            var block: [UInt8] = [kind, 0, 0, 0] + number(count) + number(content.count) + number(content.count)
            block += number(Int(content.withUnsafeBytes { DeflateBlock.checksum($0) }))
            return block + number(Int(block.withUnsafeBytes { DeflateBlock.checksum($0) })) + content
        }
        var header = Array(try TraceMaker.file([])[..<28])
        header[8] = 1
        header += number(Int(header.withUnsafeBytes { DeflateBlock.checksum($0) }))
        // Frees of order 3 by CPU 9, and a time before the second.
        let words: [UInt64] = [2 | 3 << 4 | 9 << 8 | 77 << 28, 9 | 5_000_000 << 4, 2 | 3 << 4 | 9 << 8 | 1 << 63]
        let content = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) } }
        let end: [UInt8] = [2, 0, 0, 0, 0, 0, 0, 0]
        let file = header + block(0x45, count: words.count, content) + block(0x5A, count: 0, end)
        let (events, _) = try Self.read(file)
        #expect(
            events == [
                TraceEvent(.free, frame: 77, order: 3, cpu: 9),
                TraceEvent(.free, frame: 1 << 35, order: 3, cpu: 9, time: 5_000_000),
            ])
    }

    private func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }

    @Test func `binary files of other tools are told what to do instead`() {
        for beginning in [[0x17, 0x08, 0x44, 0x74, 0x72, 0x61, 0x63], Array("PERFILE2".utf8)] as [[UInt8]] {
            let error = #expect(throws: TraceError.self) {
                _ = try TraceInput.open(ByteStream(name: "trace.dat", bytes: beginning + [0, 0]))
            }
            #expect(error?.message.contains("binary file") == true)
        }
    }
}
