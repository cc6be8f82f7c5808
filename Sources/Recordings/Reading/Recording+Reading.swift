import BuddyEngine
import GFP
import PageAllocator
import SourceText
import Topology

/// Inside this module, where `frame` is also a field's accessor.
typealias PageFrameNumber = PageFrame

extension Recording {
    /// What a recording's `format` begins with.
    public static let format = "page-allocator-oracle/"

    /// Whether a document says that it is a recording.
    public static func isRecording(_ document: JSONDocument) -> Bool {
        document.root["format"]?.string?.hasPrefix(format) ?? false
    }

    /// Reads a recording, or the state of one (a file of that shape without operations).
    public init(_ document: JSONDocument) throws(SourceProblem) {
        let root = JSONField(document)
        guard Self.isRecording(document) else {
            throw root.failure("this is no recording: \"format\" does not begin with \"\(Self.format)\"")
        }
        kernel = try root["kernel"]["package"].string
        guard let version = KernelVersion(kernel) else { throw try root["kernel"]["package"].failure("no version") }
        self.version = version
        name = root.optional("name").flatMap { $0.value.string } ?? document.source.name
        about = root.optional("about").flatMap { $0.value.string } ?? ""
        mode = root.optional("mode").flatMap { $0.value.string }.flatMap(Mode.init) ?? .stopped

        let states = try StateReader(root, version: version, name: name)
        before = try states.snapshot(try root["before"])
        after = try root.optional("after").map { field throws(SourceProblem) in try states.snapshot(field) } ?? before
        middle = [:]
        for (key, field) in try root.optional("mid")?.members ?? [] { middle[key] = try states.snapshot(field) }

        var reader = OperationReader(states: states, layout: GFPLayout.layout(for: version))
        var check = OperationCheck(before, middle: Set(middle.keys))
        for field in try root.optional("ops")?.elements ?? [] {
            try reader.read(field)
            try check.checkLast(of: reader, at: field)
        }
        operations = reader.operations
        eventWords = reader.words
        bulkFrames = reader.bulkFrames
        nodemasks = reader.nodemasks
        dumpNames = reader.dumpNames
        counterChanges = [:]
        for (key, field) in try root.optional("vmstat_delta")?.members ?? [] { counterChanges[key] = try field.int }
        oomKills = try root.optional("oom_kills")?.int ?? 0
    }

    /// Reads a recording's file, compressed or not.
    public static func load(_ path: String) throws -> Recording { try Recording(JSONDocument.load(path)) }
}

extension JSONField {
    /// A page frame number below 2^52.
    var frame: PageFrameNumber {
        get throws(SourceProblem) { PageFrameNumber(try count(1 << 52)) }
    }
}
