/// A block as it is in its file, its header checked: what is needed to unpack it, on whatever thread.
struct PackedBlock: Sendable {
    var kind: UInt8
    var packing: BlockFile.Packing
    /// What the block says it has of whatever it holds.
    var count: Int
    /// In bytes from the file's start, and where the next block begins.
    var start: Int
    var end: Int
    /// Of the content, in bytes.
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
