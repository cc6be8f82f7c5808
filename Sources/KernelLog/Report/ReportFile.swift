import SourceText

/// The reports of a log of any length, read piece by piece in constant memory.
///
/// Of a log with very many reports, the first ones are kept, or those up to the one that is asked for; the others are
/// counted.
public struct ReportFile: Sendable {
    /// The path as the user gave it, or "standard input".
    public let name: String
    /// The reports in order of time: by their first lines, or from the end of a log that has its newest line first.
    public private(set) var reports: [FailureReport] = []
    /// The number of the first of ``reports`` in the log, from 1.
    public private(set) var firstNumber = 1
    /// How many reports the log has.
    public private(set) var count = 0
    /// The beginning of the log, which has the boot's lines.
    public private(set) var head: [UInt8] = []

    /// How much is kept.
    public struct Limits: Hashable, Sendable {
        /// How many reports.
        public var reports = 256
        /// How many tasks, slab caches and zones of all reports.
        public var entries = 400_000
        /// How many bytes of ``ReportFile/head``.
        public var headBytes = 4 << 20

        public init() {}
    }

    private static let pieceSize = 1 << 20
    /// A device may yield zeros forever, and a log may begin with some (a ring buffer in pstore).
    private static let mostZeros = 16 << 20

    /// Reads a log; `-` is standard input, and a gzip file is decompressed.
    ///
    /// - Parameters:
    ///   - path: The log.
    ///   - wanted: The number of the only report that is wanted, from 1: it and those before it are kept, as far back
    ///     as the limits allow.
    ///   - limits: How much is kept.
    /// - Throws: `SourceError` if the source cannot be read, or its gzip data are damaged or cut short.
    public init(_ path: String, wanted: Int? = nil, limits: Limits = Limits()) throws(SourceError) {
        var stream = try ByteStream(path)
        try self.init(&stream, wanted: wanted, limits: limits)
    }

    /// Reads a log in memory.
    public init(_ file: SourceFile, wanted: Int? = nil, limits: Limits = Limits()) {
        name = file.name
        head = Array(file.bytes.prefix(limits.headBytes))
        var scanner = LogScanner()
        var found = file.bytes.withUnsafeBytes { scanner.scan($0) }
        found += scanner.finish()
        for report in found { keep(report, wanted, limits) }
        reports = FailureReport.inOrderOfTime(reports)
    }

    /// Reads the rest of a stream.
    public init(_ stream: inout ByteStream, wanted: Int? = nil, limits: Limits = Limits()) throws(SourceError) {
        name = stream.name
        var scanner = LogScanner()
        // How many bytes there were, while all were zero; nil once there was another.
        var zeros: Int? = 0
        let piece = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: Self.pieceSize)
        defer { piece.deallocate() }
        var decoder: UTF16Decoder?
        var mail: MailDecoder?
        var isFirst = true
        while true {
            let length = try stream.read(into: piece)
            guard length > 0 else { break }
            let bytes = UnsafeMutableBufferPointer(rebasing: piece[..<length])
            if bytes.contains(where: { $0 != 0 }) { zeros = nil }
            if let count = zeros {
                zeros = count + length
                guard count + length < Self.mostZeros else {
                    throw SourceError(source: name, kind: .syntax, message: "is binary data: nothing but zeros, no log")
                }
            }
            if isFirst {
                decoder = UTF16Decoder(start: bytes)
                mail = decoder == nil ? MailDecoder(start: bytes) : nil
            }
            isFirst = false
            if let text = decoder?.decode(bytes) ?? mail?.decode(bytes) {
                for report in take(text, &scanner, limits) { keep(report, wanted, limits) }
                continue
            }
            if head.count < limits.headBytes { head += bytes.prefix(limits.headBytes - head.count) }
            for report in scanner.scan(UnsafeRawBufferPointer(bytes)) { keep(report, wanted, limits) }
        }
        if let text = mail?.finish() {
            for report in take(text, &scanner, limits) { keep(report, wanted, limits) }
        }
        for report in scanner.finish() { keep(report, wanted, limits) }
        reports = FailureReport.inOrderOfTime(reports)
    }

    /// Adds decoded text.
    private mutating func take(_ text: [UInt8], _ scanner: inout LogScanner, _ limits: Limits) -> [FailureReport] {
        if head.count < limits.headBytes { head += text.prefix(limits.headBytes - head.count) }
        return scanner.scan(text)
    }

    /// How many reports were counted but not kept.
    public var omitted: Int { count - reports.count }

    private mutating func keep(_ report: FailureReport, _ wanted: Int?, _ limits: Limits) {
        count += 1
        if let wanted, count <= wanted {
            reports.append(report)
            while reports.count > 1, !isWithin(limits) {
                reports.removeFirst()
                firstNumber += 1
            }
        } else if firstNumber + reports.count == count {
            reports.append(report)
            if reports.count > 1, !isWithin(limits) { reports.removeLast() }
        }
    }

    private func isWithin(_ limits: Limits) -> Bool {
        guard reports.count <= limits.reports else { return false }
        return reports.reduce(0) { $0 + $1.entries } <= limits.entries
    }
}

extension FailureReport {
    fileprivate var entries: Int { 16 + tasks.count + slabs.count + (memory?.zones.count ?? 0) }
}
