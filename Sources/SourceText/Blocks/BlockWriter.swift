/// Writes a ``BlockFile`` block by block, in constant memory, to an `OutputFile`.
package struct BlockWriter: ~Copyable {
    private var output: OutputFile
    private let packing: BlockFile.Packing

    /// Creates the file and writes its header.
    ///
    /// - Throws: ``StreamError`` if the file cannot be created.
    package static func create(
        _ path: String, _ file: BlockFile, packing: BlockFile.Packing, headerFields: [UInt8] = []
    ) throws(StreamError) -> BlockWriter {
        do throws(OutputError) {
            var writer = BlockWriter(try OutputFile.create(path), packing)
            try writer.output.write(file.header(headerFields))
            return writer
        } catch { throw StreamError(error) }
    }

    private init(_ output: consuming OutputFile, _ packing: BlockFile.Packing) {
        self.output = output
        self.packing = packing
    }

    /// Bytes written so far.
    package var bytes: Int { output.bytes }

    /// Writes a block.
    ///
    /// - Precondition: `payload` has at most ``BlockFile/largestBlock`` bytes.
    package mutating func write(kind: UInt8, count: Int, _ payload: [UInt8]) throws(StreamError) {
        do throws(OutputError) {
            try output.write(BlockFile.block(kind: kind, count: count, payload, packing: packing))
        } catch { throw StreamError(error) }
    }

    /// Makes sure that everything is on disk, and puts the file in its place.
    package mutating func finish() throws(StreamError) {
        do { try output.finish() } catch { throw StreamError(error) }
    }
}
