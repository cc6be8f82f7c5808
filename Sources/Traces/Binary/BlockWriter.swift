import SourceText

/// Writes a ``BlockFile`` block by block, in constant memory, to an `OutputFile`.
struct BlockWriter: ~Copyable {
    private var output: OutputFile
    private let packing: BlockFile.Packing

    /// - Throws: ``TraceError`` if the file cannot be made.
    static func create(
        _ path: String, _ file: BlockFile, packing: BlockFile.Packing, headerFields: [UInt8] = []
    ) throws(TraceError) -> BlockWriter {
        do throws(OutputError) {
            var writer = BlockWriter(try OutputFile.create(path), packing)
            try writer.writeHeader(file, headerFields)
            return writer
        } catch { throw TraceError(error) }
    }

    private init(_ output: consuming OutputFile, _ packing: BlockFile.Packing) {
        self.output = output
        self.packing = packing
    }

    /// Bytes written so far.
    var bytes: Int { output.bytes }

    /// - Parameter fields: Sixteen bytes at most, which follow the version.
    private mutating func writeHeader(_ file: BlockFile, _ fields: [UInt8]) throws(OutputError) {
        var header = file.magic + file.version.littleEndianBytes + UInt16(0).littleEndianBytes + fields
        header += [UInt8](repeating: 0, count: 28 - header.count)
        header += header.withUnsafeBytes { DeflateBlock.checksum($0) }.littleEndianBytes
        try output.write(header)
    }

    /// - Precondition: `payload` has at most ``BlockFile/largestBlock`` bytes.
    mutating func write(kind: UInt8, count: Int, _ payload: [UInt8]) throws(TraceError) {
        precondition(payload.count <= BlockFile.largestBlock)
        var packed = packing == .stored ? payload : payload.withUnsafeBytes { DeflateBlock.compress($0, level: 1) }
        var packing = packing
        if packed.count >= payload.count {
            packed = payload
            packing = .stored
        }
        var header: [UInt8] = [kind, packing.rawValue, 0, 0] + UInt32(count).littleEndianBytes
        header += UInt32(payload.count).littleEndianBytes + UInt32(packed.count).littleEndianBytes
        header += payload.withUnsafeBytes { DeflateBlock.checksum($0) }.littleEndianBytes
        header += header.withUnsafeBytes { DeflateBlock.checksum($0) }.littleEndianBytes
        do throws(OutputError) {
            try output.write(header)
            try output.write(packed)
        } catch { throw TraceError(error) }
    }

    /// Makes sure that all of it is on disk, and puts the file in its place.
    mutating func finish() throws(TraceError) {
        do { try output.finish() } catch { throw TraceError(error) }
    }
}
