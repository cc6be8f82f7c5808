import GFP
import SourceText

/// Whose rules a machine is to go by: those of a kernel, with some changed, as `6.12+highAtomicDivisor=50` says.
public struct KernelChoice: Hashable, Sendable {
    public var version: KernelVersion
    public var changes: [RuleChange]

    public init(_ version: KernelVersion, changes: [RuleChange] = []) {
        self.version = version
        self.changes = changes
    }

    /// Reads `VERSION+KEY=VALUE+...`.
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

    /// Reads a profile's file: a kernel, and rules by key (`Config/profile.schema.json`).
    public init(_ document: JSONDocument) throws(ProfileFileError) {
        func failure(_ value: JSONValue, _ message: String) -> ProfileFileError {
            ProfileFileError(
                source: document.source.name, location: value.offset.map { document.location(ofOffset: $0) },
                message: message)
        }
        let root = document.root
        guard let object = root.object else {
            throw failure(root, "a profile is an object with a kernel and rules, this is \(root.kindName)")
        }
        if let duplicate = document.duplicates.first {
            throw ProfileFileError(
                source: document.source.name, location: document.location(ofOffset: duplicate.offset),
                message: "the key \"\(duplicate.key)\" stands twice")
        }
        for member in object.members where !Self.fileKeys.contains(member.key) {
            throw failure(
                member.value,
                "\"\(member.key)\" is no key of a profile"
                    + Spelling.suggestion(for: member.key, among: Self.fileKeys))
        }
        guard let kernel = root["kernel"]?.string, let version = KernelVersion(kernel) else {
            throw failure(root["kernel"] ?? root, "\"kernel\" says whose rules are meant: write it as \"6.12\"")
        }
        self.init(version)
        guard let rules = root["rules"] else { return }
        guard let table = rules.object else {
            throw failure(rules, "\"rules\" is a table of rules by key, this is \(rules.kindName)")
        }
        for member in table.members {
            guard let value = RuleChange.text(member.value) else {
                throw failure(member.value, "a rule is a word, a whole number, true or false")
            }
            changes.append(RuleChange(key: member.key, value: value))
        }
    }

    /// What a profile's file may say. "name" and "heldTo" are for its readers.
    package static let fileKeys = ["$schema", "name", "heldTo", "kernel", "rules"]
}

extension RuleChange {
    /// A rule's value as JSON has it, as a change has it; nil for what no rule can be.
    package static func text(_ value: JSONValue) -> String? {
        value.string ?? value.bool.map { "\($0)" } ?? value.int.map { "\($0)" }
    }

    /// The other way round.
    package var json: JSONValue {
        Int(value).map { JSONValue($0) } ?? Bool(value).map { JSONValue($0) } ?? .init(value)
    }
}

/// What is wrong with a profile's file, and where.
public struct ProfileFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file's name.
    public var source: String
    public var location: SourceLocation?
    public var message: String

    public var description: String { (location.map { "\(source):\($0)" } ?? source) + ": \(message)" }
}
