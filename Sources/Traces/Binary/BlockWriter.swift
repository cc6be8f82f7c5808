import SourceText

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes a ``BlockFile`` block by block, in constant memory.
///
/// It is written beside its place and put there by ``finish()``, so that nobody ever finds half of it; an older file of
/// that name stays until then. A pipe or a device is written directly.
struct BlockWriter: ~Copyable {
    /// Bytes written so far.
    private(set) var bytes = 0

    private let path: String
    /// Where the file grows; nil once it is in its place.
    private var temporaryPath: String?
    private let handle: UnsafeMutablePointer<FILE>
    private let packing: BlockFile.Packing

    /// - Throws: ``TraceError`` if the file cannot be made.
    static func create(
        _ path: String, _ file: BlockFile, packing: BlockFile.Packing, headerFields: [UInt8] = []
    ) throws(TraceError) -> BlockWriter {
        var status = stat()
        let isSpecial = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
        let temporaryPath = isSpecial ? path : "\(path).\(getpid()).part"
        guard let handle = fopen(temporaryPath, "wb") else {
            throw TraceError(
                source: path, kind: .source, message: "cannot be written: \(String(cString: strerror(errno)))")
        }
        var writer = BlockWriter(
            path: path, temporaryPath: isSpecial ? nil : temporaryPath, handle: handle, packing: packing)
        try writer.writeHeader(file, headerFields)
        return writer
    }

    private init(
        path: String, temporaryPath: String?, handle: UnsafeMutablePointer<FILE>, packing: BlockFile.Packing
    ) {
        self.path = path
        self.temporaryPath = temporaryPath
        self.handle = handle
        self.packing = packing
    }

    deinit {
        fclose(handle)
        if let temporaryPath { unlink(temporaryPath) }
    }

    /// - Parameter fields: Sixteen bytes at most, which follow the version.
    private mutating func writeHeader(_ file: BlockFile, _ fields: [UInt8]) throws(TraceError) {
        var header = file.magic + file.version.littleEndianBytes + UInt16(0).littleEndianBytes + fields
        header += [UInt8](repeating: 0, count: 28 - header.count)
        header += header.withUnsafeBytes { DeflateBlock.checksum($0) }.littleEndianBytes
        try put(header)
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
        try put(header)
        try put(packed)
    }

    /// Makes sure that all of it is on disk, and puts the file in its place.
    mutating func finish() throws(TraceError) {
        guard fflush(handle) == 0 else { throw failure() }
        guard let temporaryPath else { return }
        guard fsync(fileno(handle)) == 0, rename(temporaryPath, path) == 0 else { throw failure() }
        self.temporaryPath = nil
    }

    private mutating func put(_ part: [UInt8]) throws(TraceError) {
        guard fwrite(part, 1, part.count, handle) == part.count else { throw failure() }
        bytes += part.count
    }

    private func failure() -> TraceError {
        TraceError(
            source: path, offset: bytes, kind: .source,
            message: "cannot be written: \(String(cString: strerror(errno)))")
    }
}
