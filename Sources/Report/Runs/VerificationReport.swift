import PageAllocator
import Recordings
import SourceText

/// How replays of recordings came out.
public struct VerificationReport: Sendable {
    public private(set) var entries: [Entry] = []
    /// Files that are not recordings.
    public var unreadable = 0
    /// Recordings that were left out because the run was interrupted.
    public var notReached = 0

    public struct Entry: Sendable {
        public var result: VerificationResult
        /// The request that differs, explained.
        public var explanation: AllocationReport?
        /// The rules that explain the difference, where they were looked for and found.
        public var blame: VerificationBlame?
        /// They were looked for.
        public var wasBlamed = false

        public init(_ result: VerificationResult) { self.result = result }
    }

    public init() {}

    public mutating func add(_ entry: Entry) { entries.append(entry) }

    private var replayed: [VerificationResult] {
        entries.map(\.result).filter { result in
            if case .skipped = result.outcome { false } else { true }
        }
    }

    /// Some have a kernel that no profile was verified against.
    public var hasRefused: Bool {
        entries.contains { if case .withoutProfile = $0.result.outcome { true } else { false } }
    }

    public var exactCount: Int { replayed.count(where: \.isExact) }

    /// Whether there was something to replay, and all of it came out as recorded.
    public var isExact: Bool { unreadable == 0 && !replayed.isEmpty && exactCount == replayed.count }

    /// Operations a second, without loading; nil if there were none.
    public var rate: Double? {
        let seconds = replayed.reduce(0) { $0 + $1.seconds }
        return seconds > 0 ? Double(operations) / seconds : nil
    }

    private var operations: Int { replayed.reduce(0) { $0 + $1.operations } }
    private var total: Int { replayed.reduce(0) { $0 + $1.total } }

    /// What there is to say about the entry added last.
    public func lastLines(_ style: TextStyle = .plain) -> String {
        guard let entry = entries.last else { return "" }
        let result = entry.result
        switch result.outcome {
        case .exact:
            return
                "\(result.name)  \(style.apply(.good, "exact"))  \(result.operations) operations  \(entry.rulesText)\n"
        case .skipped(let why):
            return "\(result.name)  skipped: \(why)\n"
        case .withoutProfile(let kernel):
            return
                "\(result.name)  \(style.apply(.bad, "refused")): no profile was verified against \(kernel); say whose rules to "
                + "try, as --rules \(result.rules.profile)\n"
        case .differs(let difference):
            return
                "\(result.name)  \(style.apply(.bad, "differs"))  \(entry.rulesText), at operation \(difference.operation): \(difference.what): "
                + "expected \(difference.expected), got \(difference.got)\n"
                + (entry.explanation.map { $0.text(style) } ?? "") + entry.blameText(style)
        }
    }

    /// How fast it went; nil if there were no operations.
    public var speed: String? {
        rate.map { "\(($0 / 100_000).rounded() / 10) million operations a second, once loaded" }
    }

    /// How many of how many.
    public var summary: String {
        let count =
            "\(exactCount) of \(replayed.count) recordings exact, \(operations) of \(total) operations\n"
        return (speed.map { "\($0)\n" } ?? "") + count
            + (notReached > 0 ? "interrupted with \(notReached) still to come\n" : "")
    }

    /// What the clock said.
    public var times: JSONValue { ["operationsPerSecond": rate.map { .init($0.rounded()) } ?? nil] }

    /// A line for each recording.
    public var csv: String {
        var table = CommaTable(["recording", "kernel", "rules", "outcome", "operations", "ofOperations"])
        for entry in entries {
            let result = entry.result
            table.add([
                result.name, "\(result.kernel)", result.rules.profile, result.outcome.name, "\(result.operations)",
                "\(result.total)",
            ])
        }
        return table.text
    }

    public var json: JSONValue {
        [
            "exact": .init(exactCount), "recordings": .init(replayed.count), "operations": .init(operations),
            "ofOperations": .init(total),
            "unreadable": .init(unreadable), "notReached": .init(notReached), "results": .init(entries.map(\.json)),
        ]
    }
}

extension VerificationReport.Entry {
    var json: JSONValue {
        var object: JSONObject = [
            "name": .init(result.name), "kernel": .init(result.kernel), "rules": result.rules.json,
            "outcome": .init(result.outcome.name), "operations": .init(result.operations),
            "ofOperations": .init(result.total),
        ]
        switch result.outcome {
        case .exact: break
        case .skipped(let why): object["why"] = .init(why)
        case .withoutProfile(let kernel): object["why"] = .init("no profile was verified against \(kernel)")
        case .differs(let difference):
            object["difference"] = [
                "operation": .init(difference.operation), "what": .init(difference.what),
                "expected": .init(difference.expected), "got": .init(difference.got),
            ]
        }
        if let explanation { object["explanation"] = explanation.json }
        if let blame { object["blame"] = blame.json }
        return .init(object)
    }
}

extension VerificationResult.Outcome {
    var name: String {
        switch self {
        case .exact: "exact"
        case .differs: "differs"
        case .skipped: "skipped"
        case .withoutProfile: "without profile"
        }
    }
}
