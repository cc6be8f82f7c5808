import BuddyEngine
import GFP
import PageAllocator
import SourceText
import Topology

/// Reads a recording from its text, member by member. Small members are read as trees of JSON values; the operations,
/// which are nearly all of the text, are read in place.
///
/// Reading operations requires the kernel, its types and the first state. The recorder writes those first; if one of
/// them comes after the operations in a text, those are read at the end.
struct RecordingReader {
    private let source: SourceFile
    /// The small members read so far.
    private var head: [JSONObject.Member] = []
    /// The large members found so far, and where their values begin.
    private var large: [Large: (name: JSONName, offset: Int)] = [:]
    private var operations: Operations?

    private enum Large: String {
        case before, after, mid, ops
    }

    /// The operations, and what they were read with.
    private struct Operations {
        var reader: OperationReader
        var states: StateReader
        var before: Snapshot
    }

    /// Members that reading the operations requires.
    private static let facts: Set<String> = [
        "format", "name", "kernel", "const", "migratetypes", "sysctl", "config", "page_size",
    ]

    /// Members whose long lists are read in place: free lists by type, per-CPU lists by number, pages.
    private static let longLists = Set(
        Migratetype.allCases.map(\.kernelName) + (0..<PerCPUListIndex.count).map { "\($0)" } + ["pageblocks", "pages"])
    private let leavesLists: Bool

    /// Reads a recording.
    ///
    /// - Parameters:
    ///   - source: The text.
    ///   - leavesLists: Whether long lists are read in place, which is fast, but reports their problems with the place
    ///     of the whole list.
    init(_ source: SourceFile, leavesLists: Bool) {
        self.source = source
        self.leavesLists = leavesLists
    }

    /// - Throws: `JSONScanner.Failure` if the place in the text is still to be found, ``SourceProblem`` if it is known.
    mutating func read(_ scanner: inout JSONScanner) throws -> Recording {
        try scanner.enterObject()
        while let name = try scanner.nextName() {
            guard let part = Large(rawValue: name.text) else {
                if Self.facts.contains(name.text) { operations = nil }
                head.append(try scanner.member(name))
                continue
            }
            large[part] = (name, try scanner.offset())
            if part == .before || part == .ops { operations = nil }
            if part == .ops, isReadyForOperations {
                operations = try readOperations(&scanner)
            } else {
                try scanner.skip()
            }
        }
        try scanner.finish()
        return try recording(&scanner)
    }

    /// Whether everything that the recorder writes before the operations has been read.
    private var isReadyForOperations: Bool {
        let met = Set(head.map(\.key))
        return large[.before] != nil
            && ["format", "kernel", "const", "migratetypes", "sysctl"].allSatisfy(met.contains)
    }

    private var root: JSONField { JSONField(JSONDocument(source, members: head)) }

    private func version(_ root: JSONField) throws(SourceProblem) -> KernelVersion {
        let package = try root["kernel"]["package"]
        guard let version = KernelVersion(try package.string) else { throw package.failure("no version") }
        return version
    }

    /// Reads the operations that come next, and first the state that they begin with.
    private func readOperations(_ scanner: inout JSONScanner) throws -> Operations {
        let root = root
        let version = try version(root)
        let name = root.optional("name").flatMap { $0.value.string } ?? source.name
        let states = try StateReader(root, version: version, name: name)
        let place = scanner.at
        guard let first = try member(.before, &scanner) else { throw root.failure("\"before\" is missing") }
        let before = try states.snapshot(first)
        scanner.at = place

        var reader = OperationReader(states: states, layout: GFPLayout.layout(for: version))
        var check = OperationCheck(before)
        guard large[.ops] != nil, try !scanner.takeNull() else {
            return Operations(reader: reader, states: states, before: before)
        }
        try scanner.enterList()
        while try scanner.nextElement() {
            let offset = try scanner.offset()
            try reader.read(&scanner)
            try check.checkLast(of: reader, at: offset)
        }
        return Operations(reader: reader, states: states, before: before)
    }

    /// A large member as a tree; nil if it is missing or null.
    private func member(_ part: Large, _ scanner: inout JSONScanner) throws -> JSONField? {
        guard let (name, offset) = large[part] else { return nil }
        scanner.at = offset
        if leavesLists { scanner.leavesLists = Self.longLists }
        defer { scanner.leavesLists = [] }
        let member = try scanner.member(name)
        return JSONField(JSONDocument(source, members: [member])).optional(member.key)
    }

    /// Puts the recording together once all members have been read.
    private mutating func recording(_ scanner: inout JSONScanner) throws -> Recording {
        let document = JSONDocument(source, members: head)
        guard Recording.isRecording(document) else { throw Recording.isNone(document) }
        let root = JSONField(document)
        if operations == nil, let offset = large[.ops]?.offset { scanner.at = offset }
        let operations: Operations
        if let met = self.operations { operations = met } else { operations = try readOperations(&scanner) }
        let (states, reader) = (operations.states, operations.reader)
        var middle: [String: Snapshot] = [:]
        for (key, field) in try member(.mid, &scanner)?.members ?? [] { middle[key] = try states.snapshot(field) }
        for (name, offset) in zip(reader.dumpNames, reader.dumpOffsets) where middle[name] == nil {
            throw JSONScanner.Failure(offset: offset, message: "the recording has no state \"\(name)\"")
        }
        var changes: [String: Int] = [:]
        for (key, field) in try root.optional("vmstat_delta")?.members ?? [] { changes[key] = try field.int }
        return Recording(
            name: states.name, about: root.optional("about").flatMap { $0.value.string } ?? "",
            kernel: try root["kernel"]["package"].string, version: states.version,
            mode: root.optional("mode").flatMap { $0.value.string }.flatMap(Recording.Mode.init) ?? .stopped,
            countsInstructions: root.optional("qemu")?.optional("icount") != nil, before: operations.before,
            after: try member(.after, &scanner).map { try states.snapshot($0) } ?? operations.before, middle: middle,
            operations: reader.operations, eventWords: reader.events.words, bulkFrames: reader.bulkFrames,
            nodemasks: reader.nodemasks, dumpNames: reader.dumpNames, counterChanges: changes,
            oomKills: try root.optional("oom_kills")?.int ?? 0)
    }
}
