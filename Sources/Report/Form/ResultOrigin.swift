import PageAllocator
import SourceText
import Topology

/// How a result came about, so that it can be had again: it is in every JSON that the program prints.
///
/// Nothing in it depends on the host or on the time, so that two runs of the same are the same bytes.
public struct ResultOrigin: Hashable, Sendable {
    /// The version of this program.
    public static let programVersion = "0.1.0"

    /// The kernel asked for or found, and the rules that held; nil where no kernel matters.
    public var rules: RulesInForce?
    /// What the result was made from.
    public var sources: [Source] = []
    /// What of the machine's source was used, assumed and not understood.
    public var notes: [SourceNote] = []
    /// Sysctls changed beforehand, as `NAME=VALUE`.
    public var settings: [String] = []
    /// In the words of numactl(8); nil: none.
    public var policy: String?
    public var seed: UInt64?
    /// The command line, without the program's name.
    public var command: [String]

    /// A file, a directory or a stream.
    public struct Source: Hashable, Sendable {
        /// As it was given.
        public var name: String
        /// SHA-256 of a file as it lies there; nil for what cannot be read twice.
        public var digest: String?

        /// Reads a file for its digest.
        public init(_ name: String) {
            self.name = name
            let isFile = name != "-" && RegularFile.exists(at: name)
            digest = isFile ? try? SHA256.digest(ofPath: name) : nil
        }
    }

    public init(command: [String], sources: [String] = []) {
        self.command = command
        self.sources = sources.map { Source($0) }
    }

    /// A result with all this in front of it.
    ///
    /// - Parameters:
    ///   - format: What the object is.
    ///   - result: An object.
    ///   - times: What the clock said, apart from the result; nil: it was not looked at.
    public func json(_ format: ResultFormat, _ result: JSONValue, times: JSONValue? = nil) -> JSONValue {
        var object = JSONObject()
        object["format"] = .init(format.rawValue)
        object["origin"] = [
            "program": "numazones", "version": .init(Self.programVersion),
            "command": .init(command.map { JSONValue($0) }),
            "kernel": rules.map { .init($0.kernel.description) } ?? nil,
            "rules": rules.map { .init($0.profile) } ?? nil,
            "standing": rules.map { .init($0.standing.name) } ?? nil,
            "changedRules": rules?.changedJSON ?? [:],
            "sources": .init(
                sources.map { ["name": .init($0.name), "sha256": $0.digest.map { .init($0) } ?? nil] }),
            "notes": .init(notes.map(\.json)),
            "settings": .init(settings.map { JSONValue($0) }), "policy": policy.map { .init($0) } ?? nil,
            "seed": seed.map { .init($0) } ?? nil,
        ]
        for member in result.object?.members ?? [] { object[member.key] = member.value }
        if let times { object["times"] = times }
        return .init(object)
    }
}
