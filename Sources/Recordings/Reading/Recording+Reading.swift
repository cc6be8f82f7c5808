import BuddyEngine
import GFP
import PageAllocator
import SourceText
import Topology

/// A name for `PageFrame` in this module, where `frame` is also an accessor of fields.
typealias PageFrameNumber = PageFrame

extension Recording {
    /// The beginning of a recording's `format`.
    public static let format = "page-allocator-oracle/"

    /// Whether a document says that it is a recording.
    public static func isRecording(_ document: JSONDocument) -> Bool {
        document.root["format"]?.string?.hasPrefix(format) ?? false
    }

    /// Reads a recording, or the state of one (a file of the same form without operations).
    ///
    /// - Throws: `SourceError` if the text is not JSON, else `SourceProblem`.
    public init(_ source: SourceFile) throws {
        // To report what is wrong with its place, the text must be read again in a slower way.
        do { try self.init(source, leavesLists: true) } catch { try self.init(source, leavesLists: false) }
    }

    private init(_ source: SourceFile, leavesLists: Bool) throws {
        do {
            self = try source.bytes.withUnsafeBufferPointer { bytes in
                var scanner = JSONScanner(bytes)
                var reader = RecordingReader(source, leavesLists: leavesLists)
                return try reader.read(&scanner)
            }
        } catch let failure as JSONScanner.Failure {
            // To find the place, the whole text is read, which also finds out whether it is JSON at all.
            let document = try JSONDocument(source)
            guard Self.isRecording(document) else { throw Self.isNone(document) }
            throw SourceProblem(failure, in: document)
        }
    }

    static func isNone(_ document: JSONDocument) -> SourceProblem {
        JSONField(document).failure("this is not a recording: \"format\" does not begin with \"\(format)\"")
    }

    /// Like ``init(_:)-(SourceFile)``, for a text that has been read as JSON.
    public init(_ document: JSONDocument) throws(SourceProblem) {
        do {
            try self.init(document.source)
        } catch let problem as SourceProblem {
            throw problem
        } catch {
            throw JSONField(document).failure("\(error)")
        }
    }

    /// Reads a recording's file, compressed or not.
    public static func load(_ path: String) throws -> Recording { try Recording(SourceFile.load(path)) }
}

extension JSONField {
    /// A page frame number below 2^52.
    var frame: PageFrameNumber {
        get throws(SourceProblem) { PageFrameNumber(try count(1 << 52)) }
    }
}
