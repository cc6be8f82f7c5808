import SourceText
import Testing
import Traces

/// Traces that are cut short, damaged, of another version or made to harm, each with the words and the place it is told with.
@Suite struct HostileTraceTests {
    static let good = (try? TraceMaker.file(Array(CheckpointTests.load.prefix(300)), packing: .stored)) ?? []

    /// Reads and replays a trace on a machine of 256 MiB.
    static func replay(_ bytes: [UInt8]) throws -> ReplayResult {
        var input = try TraceInput.open(ByteStream(name: "trace", bytes: bytes))
        var replay = try Replay(on: .topology(TraceMaker.topology), options: ReplayOptions(mode: .lockstep))
        try replay.run(&input)
        try replay.machine.checkInvariants()
        return replay.result
    }

    static func message(_ bytes: [UInt8]) -> String {
        let error = #expect(throws: TraceError.self) { try replay(bytes) }
        return error?.description ?? ""
    }

    @Test func `cut short`() {
        #expect(
            Self.message(Array(Self.good[..<40])) == "trace: byte 40: the file is cut short here: it has no end block")
        let end = Self.good.count - 32
        #expect(
            Self.message(Array(Self.good[..<end]))
                == "trace: byte \(end): the file is cut short here: it has no end block")
        let packed = Gzip.compress(TraceMaker.text(Array(CheckpointTests.load.prefix(300))))
        #expect(
            Self.message(Array(packed.dropLast(9)))
                == "trace: is cut short: its gzip data end after \(packed.count - 9) bytes")
    }

    @Test func `damaged`() {
        var bytes = Self.good
        bytes[bytes.count - 40] ^= 1
        let events = bytes.count - 32
        #expect(Self.message(bytes).hasSuffix("the checksum of a block's content is wrong"))
        bytes = Self.good
        bytes[events] = 0x41
        #expect(Self.message(bytes) == "trace: byte \(events): the checksum of a block's header is wrong")
        bytes = Self.good
        bytes[13] ^= 1
        #expect(Self.message(bytes) == "trace: byte 28: the header's checksum is wrong")
        var packed = Gzip.compress(TraceMaker.text(Array(CheckpointTests.load.prefix(300))))
        packed[packed.count / 2] ^= 0xFF
        #expect(Self.message(packed).hasPrefix("trace: has damaged gzip data near byte "))
    }

    @Test func `of another version`() {
        var bytes = Self.good
        bytes[8] = 3
        #expect(
            Self.message(bytes)
                == "trace: byte 8: is a binary trace of version 3; this program reads versions 1 to 2. Convert the text again "
                + "with 'numazones replay --convert'")
    }

    @Test func `sizes that lie, with the checksums right`() {
        func block(count: Int, size: Int, packed: Int) -> [UInt8] {
            func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
            let content = [UInt8](repeating: 0, count: 8)
            var block: [UInt8] = [0x45, 0, 0, 0] + number(count) + number(size) + number(packed)
            block += number(Int(content.withUnsafeBytes { DeflateBlock.checksum($0) }))
            block += number(Int(block.withUnsafeBytes { DeflateBlock.checksum($0) }))
            return Array(Self.good[..<32]) + block + content
        }
        #expect(
            Self.message(block(count: 1, size: 0xFFFF_FFFF, packed: 8))
                == "trace: byte 32: a block claims 4294967295 bytes, more than the 1048576 it may have")
        #expect(
            Self.message(block(count: 1, size: 8, packed: 0xFFFF_FFFF))
                == "trace: byte 32: a block claims 4294967295 bytes, more than the 8 it may have")
        #expect(
            Self.message(block(count: 0x2000_0000, size: 8, packed: 8))
                == "trace: byte 32: a block of events has another size")
        #expect(Self.message(block(count: 1, size: 8, packed: 8)).hasSuffix("names a mask that the file does not have"))
    }

    @Test func `page frames beyond the machine are replayed as far as they make sense, and counted`() throws {
        let line = "a-1 [000] .... 1.000000: mm_page_"
        let text = """
            \(line)alloc: page=1 pfn=0xfffffffffff order=0 migratetype=0 gfp_flags=GFP_KERNEL
            \(line)free: page=1 pfn=0xffffffffff00 order=3
            \(line)free: page=1 pfn=0xffffffffffffffff order=0
            \(line)alloc: page=1 pfn=64 order=77 migratetype=0 gfp_flags=GFP_KERNEL

            """
        let result = try Self.replay(Array(text.utf8))
        #expect(result.requests == 1 && result.agreement.notFree == 1)
        #expect(result.skipped(.freeOfUnknownFrame) == 1 && result.tally.malformedLines == 2)
        #expect(
            result.tally.firstProblem?.description
                == "line 3: has a page frame number beyond 2^52: no machine has that much memory")
    }

    @Test func `a line of 64 MiB takes no memory, and its place is told`() throws {
        // 64 KiB of gzip that unpack to 64 MiB without a line end.
        let chunk = Gzip.compress([UInt8](repeating: UInt8(ascii: "a"), count: 1 << 24))
        let event = "\na-1 [000] .... 1.000000: mm_page_free: page=1 pfn=0x100 order=0\n"
        let bytes = [[UInt8]](repeating: chunk, count: 4).flatMap { $0 } + Gzip.compress(Array(event.utf8))
        let result = try Self.replay(bytes)
        #expect(result.tally.overlongLines == 1)
        #expect(result.tally.firstProblem?.description == "line 1: is longer than 65536 bytes; it was skipped")
    }
}
