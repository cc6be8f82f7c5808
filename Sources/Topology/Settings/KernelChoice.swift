import GFP
import SourceText

/// Whose rules a machine follows: a kernel's, some of them changed, as in `6.12+highAtomicDivisor=50`.
public struct KernelChoice: Hashable, Sendable {
    /// The kernel.
    public var version: KernelVersion
    /// The rules that differ from the kernel's, in the order in which they are changed.
    public var changes: [RuleChange]

    public init(_ version: KernelVersion, changes: [RuleChange] = []) {
        self.version = version
        self.changes = changes
    }

    /// Reads `VERSION+KEY=VALUE+...`.
    ///
    /// - Throws: ``RuleError`` if the version or a change is not of that form.
    public init(_ text: String) throws(RuleError) {
        let parts = text.split(separator: "+", omittingEmptySubsequences: false)
        guard let version = KernelVersion(parts[0]) else {
            throw RuleError(
                text: text,
                problem: "no kernel version; write two or three numbers, as in 6.1 or 6.12.95, and after "
                    + "each \"+\" a rule to change")
        }
        self.init(version)
        for part in parts.dropFirst() { changes.append(try RuleChange(part)) }
    }

    /// Reads a profile file: a kernel, and rules by key (`Config/schemas/profile.schema.json`).
    ///
    /// - Throws: `SourceProblems` with everything that is wrong with the form. The allocator checks the rules
    ///   themselves.
    public init(_ document: JSONDocument) throws(SourceProblems) {
        var shapes = JSONShapes(document)
        shapes.reportDuplicates()
        let object = shapes.object(document.root, keys: Self.fileKeys, what: "a profile") ?? JSONObject()
        var version: KernelVersion?
        if let kernel = shapes.required("kernel", of: object, in: document.root), let text = shapes.string(kernel) {
            version = KernelVersion(text)
            if version == nil {
                shapes.report(kernel, "\"\(text)\" is not a kernel version: write \"6.1\" or \"6.12\"")
            }
        }
        let changes = object["rules"].map { RuleChange.read($0, &shapes) } ?? []
        guard let version, !shapes.hasErrors else { throw SourceProblems(shapes.problems) }
        self.init(version, changes: changes)
    }

    /// The members of a profile file. "name" and "verifiedAgainst" are for human readers.
    package static let fileKeys = ["$schema", "name", "verifiedAgainst", "kernel", "rules"]
}

extension RuleChange {
    /// Reads a table of rules by key. The allocator knows which rules there are; here each is a word, a number, true or
    /// false.
    static func read(_ value: JSONValue, _ shapes: inout JSONShapes) -> [RuleChange] {
        shapes.members(value).compactMap { member in
            let value = member.value
            let text = value.string ?? value.bool.map { "\($0)" } ?? value.int.map { "\($0)" }
            guard let text else {
                shapes.report(value, "a rule is a word, a whole number, true or false, not \(shapes.describe(value))")
                return nil
            }
            return RuleChange(key: member.key, value: text)
        }
    }

    /// The value in the form of such a table.
    package var json: JSONValue {
        Int(value).map { JSONValue($0) } ?? Bool(value).map { JSONValue($0) } ?? .init(value)
    }
}
