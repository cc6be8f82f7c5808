/// Writes a ``BlockFile`` block by block, in constant memory, to an `OutputFile`.
package struct BlockWriter: ~Copyable {
    private var output: OutputFile
    private let packing: BlockFile.Packing

    /// - Throws: ``BlockError`` if the file cannot be made.
    package static func create(
        _ path: String, _ file: BlockFile, packing: BlockFile.Packing, headerFields: [UInt8] = []
    ) throws(BlockError) -> BlockWriter {
        do throws(OutputError) {
            var writer = BlockWriter(try OutputFile.create(path), packing)
            try writer.output.write(file.header(headerFields))
            return writer
        } catch { throw BlockError(error) }
    }

    private init(_ output: consuming OutputFile, _ packing: BlockFile.Packing) {
        self.output = output
        self.packing = packing
    }

    /// Bytes written so far.
    package var bytes: Int { output.bytes }

    /// - Precondition: `payload` has at most ``BlockFile/largestBlock`` bytes.
    package mutating func write(kind: UInt8, count: Int, _ payload: [UInt8]) throws(BlockError) {
        do throws(OutputError) {
            try output.write(BlockFile.block(kind: kind, count: count, payload, packing: packing))
        } catch { throw BlockError(error) }
    }

    /// Makes sure that all of it is on disk, and puts the file in its place.
    package mutating func finish() throws(BlockError) {
        do { try output.finish() } catch { throw BlockError(error) }
    }
}
