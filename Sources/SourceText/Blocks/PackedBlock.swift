/// A block as it is in its file, with its header checked: all that any thread needs to unpack it.
struct PackedBlock: Sendable {
    var kind: UInt8
    var packing: BlockFile.Packing
    /// How many items the block says it holds.
    var count: Int
    /// Where the block begins and ends, in bytes from the file's start.
    var start: Int
    var end: Int
    /// The size of the content in bytes.
    var size: Int
    var checksum: UInt32
    var bytes: [UInt8]

    /// A block's content, or what is wrong with it.
    enum Content: Sendable {
        case whole([UInt8])
        case damaged(String)
    }

    /// Unpacks and checks the content.
    consuming func unpacked() -> Content {
        var payload: [UInt8]
        switch packing {
        case .stored:
            guard bytes.count == size else { return .damaged("a stored block has two sizes") }
            payload = bytes
        case .compressed:
            payload = [UInt8](repeating: 0, count: size)
            let isWhole = bytes.withUnsafeBytes { packed in
                payload.withUnsafeMutableBytes { DeflateBlock.decompress(packed, into: $0) }
            }
            guard isWhole else { return .damaged("a block's compressed data are damaged") }
        }
        guard payload.withUnsafeBytes({ DeflateBlock.checksum($0) }) == checksum else {
            return .damaged("the checksum of a block's content is wrong")
        }
        return .whole(payload)
    }
}
