import PageAllocator
import SourceText
import Topology

/// How a result was made, so that it can be reproduced; part of every JSON that the program prints.
///
/// Nothing in it depends on the host or the time, so two identical runs give identical bytes.
public struct ResultOrigin: Hashable, Sendable {
    /// The version of this program.
    public static let programVersion = "0.1.0"

    /// The kernel asked for or found, and the rules that applied; nil where no kernel matters.
    public var rules: RulesInForce?
    /// The sources of the result.
    public var sources: [Source] = []
    /// What of the machine's source was used, assumed or not understood.
    public var notes: [SourceNote] = []
    /// Sysctls that were changed before, as `NAME=VALUE`.
    public var settings: [String] = []
    /// The policy in the words of numactl(8); nil: none.
    public var policy: String?
    /// The seed; nil: nothing was random.
    public var seed: UInt64?
    /// The command line, without the program's name.
    public var command: [String]

    /// A file, a directory or a stream.
    public struct Source: Hashable, Sendable {
        /// The name as the user gave it.
        public var name: String
        /// The SHA-256 digest of a file; nil for what cannot be read twice.
        public var digest: String?

        /// Computes the digest of a file.
        ///
        /// - Parameters:
        ///   - name: The name as the user gave it.
        public init(_ name: String) {
            self.name = name
            let isFile = name != "-" && RegularFile.exists(at: name)
            digest = isFile ? try? SHA256.digest(ofPath: name) : nil
        }
    }

    /// Creates an origin with the digests of its sources.
    public init(command: [String], sources: [String] = []) {
        self.command = command
        self.sources = sources.map { Source($0) }
    }

    /// A result with its origin in front.
    ///
    /// - Parameters:
    ///   - format: The format of the object.
    ///   - result: The result, an object.
    ///   - times: Measured times, which are kept apart from the result; nil: none.
    /// - Returns: The object to print.
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
