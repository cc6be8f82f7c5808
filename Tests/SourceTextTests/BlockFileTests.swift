import TestSupport
import Testing

@testable import SourceText

/// Files of blocks, unpacked where they are read and ahead on a second thread: the same blocks and the same errors.
@Suite struct BlockFileTests {
    static let file = BlockFile(
        magic: [1, 2, 3, 4, 5, 6, 7, 8], version: 3, oldestVersion: 2, what: "a test's file", remedy: "Write it again")

    /// Blocks of all sizes, most of them large enough to be unpacked ahead.
    static func make(blocks: Int, seed: UInt64) -> (bytes: [UInt8], payloads: [[UInt8]]) {
        var random = SeededGenerator(seed: seed)
        var bytes = file.header([9, 9])
        var payloads: [[UInt8]] = []
        for place in 0..<blocks {
            let size = random.next() % 5 == 0 ? Int(random.next() % 100) : Int(random.next() % 60_000)
            let payload = (0..<size).map { UInt8(truncatingIfNeeded: $0 / 7 &* Int(seed)) }
            payloads.append(payload)
            let packing: BlockFile.Packing = random.next() % 4 == 0 ? .stored : .compressed
            bytes += BlockFile.block(kind: 7, count: place, payload, packing: packing)
        }
        return (bytes + BlockFile.block(kind: 0x5A, count: blocks, [], packing: .stored), payloads)
    }

    /// What a file's blocks come to: their contents, and the error that ended it.
    private func read(_ bytes: [UInt8], ahead: Bool) -> (payloads: [[UInt8]], places: [Int], error: StreamError?) {
        var payloads: [[UInt8]] = []
        var places: [Int] = []
        do throws(StreamError) {
            var reader = BlockReader(ByteStream(name: "file", bytes: bytes), Self.file, unpacksAhead: ahead)
            _ = try reader.readHeader()
            while true {
                let block = try reader.readBlock()
                if block.kind == 0x5A { break }
                payloads.append(reader.payload)
                places += [block.start, reader.offset]
            }
            try reader.readEnd()
            return (payloads, places, nil)
        } catch { return (payloads, places, error) }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `blocks unpacked ahead are those that were written, in order`(seed: UInt64) {
        let (bytes, written) = Self.make(blocks: 40, seed: seed)
        let plain = read(bytes, ahead: false)
        let ahead = read(bytes, ahead: true)
        #expect(plain.error == nil && plain.payloads == written, "seed \(seed)")
        #expect(ahead.error == nil && ahead.payloads == written && ahead.places == plain.places, "seed \(seed)")
    }

    @Test(arguments: [5, 6] as [UInt64])
    func `a file cut short, damaged or too long is reported at the same place`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let bytes = Self.make(blocks: 12, seed: seed).bytes
        for round in 0..<60 {
            var changed = bytes
            switch round % 3 {
            case 0: changed.removeLast(Int(random.next() % UInt64(bytes.count)) + 1)
            case 1: changed[Int(random.next() % UInt64(bytes.count))] ^= 0x40
            default: changed += bytes.suffix(Int(random.next() % 900) + 1)
            }
            let plain = read(changed, ahead: false)
            let ahead = read(changed, ahead: true)
            #expect(plain.error != nil, "\(random), round \(round)")
            #expect(ahead.error == plain.error, "\(random), round \(round)")
            #expect(ahead.payloads == plain.payloads, "\(random), round \(round)")
        }
    }

    @Test func `versions from the oldest on are read, others told by their numbers`() {
        for version in 1...4 as ClosedRange<UInt8> {
            var header = Array(Self.file.header()[..<28])
            header[8] = version
            header += header.withUnsafeBytes { DeflateBlock.checksum($0) }.littleEndianBytes
            let error = read(header, ahead: true).error
            #expect(error?.kind == ((2...3).contains(version) ? .truncated : .version))
            if version == 4 {
                #expect(
                    error?.message
                        == "is a test's file of version 4; this program reads versions 2 to 3. Write it again")
            }
        }
    }
}
