import PageAllocator
import Recordings
import SourceText

/// The results of replaying recordings.
public struct VerificationReport: Sendable {
    /// The results, one for each recording.
    public private(set) var entries: [Entry] = []
    /// The number of files that are not recordings.
    public var unreadable = 0
    /// The number of recordings that were not replayed because the run was interrupted.
    public var notReached = 0

    /// The result of one recording.
    public struct Entry: Sendable {
        /// The result.
        public var result: VerificationResult
        /// The explanation of the first request that differs; nil: not wanted, or nothing differs.
        public var explanation: AllocationReport?
        /// The rules that explain the difference; nil: not searched for, or not found.
        public var blame: VerificationBlame?
        /// Whether rules that explain a difference were searched for.
        public var wasBlamed = false

        /// Creates an entry without explanation.
        public init(_ result: VerificationResult) { self.result = result }
    }

    /// A report without results.
    public init() {}

    /// Adds the result of a recording.
    public mutating func add(_ entry: Entry) { entries.append(entry) }

    private var replayed: [VerificationResult] {
        entries.map(\.result).filter { result in
            if case .skipped = result.outcome { false } else { true }
        }
    }

    /// Whether a recording was not replayed because no profile was verified against its kernel.
    public var hasRefused: Bool {
        entries.contains { if case .withoutProfile = $0.result.outcome { true } else { false } }
    }

    /// How many recordings came out exactly as recorded.
    public var exactCount: Int { replayed.count(where: \.isExact) }

    /// Whether recordings were replayed, and all came out exactly as recorded.
    public var isExact: Bool { unreadable == 0 && !replayed.isEmpty && exactCount == replayed.count }

    /// Operations per second, not counting the loading; nil if there were none.
    public var rate: Double? {
        let seconds = replayed.reduce(0) { $0 + $1.seconds }
        return seconds > 0 ? Double(operations) / seconds : nil
    }

    private var operations: Int { replayed.reduce(0) { $0 + $1.operations } }
    private var total: Int { replayed.reduce(0) { $0 + $1.total } }

    /// The text about the entry added last.
    ///
    /// - Parameters:
    ///   - style: How the text is marked up.
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
                "\(result.name)  \(style.apply(.bad, "refused")): no profile was verified against \(kernel); name the rules to "
                + "try, as --rules \(result.rules.profile)\n"
        case .differs(let difference):
            return
                "\(result.name)  \(style.apply(.bad, "differs"))  \(entry.rulesText), at operation \(difference.operation): \(difference.what): "
                + "expected \(difference.expected), got \(difference.got)\n"
                + (entry.explanation.map { $0.text(style) } ?? "") + entry.blameText(style)
        }
    }

    /// The speed in words; nil if there were no operations.
    public var speed: String? {
        rate.map { "\(($0 / 100_000).rounded() / 10) million operations a second, once loaded" }
    }

    /// The numbers of recordings and operations that are exact, and the speed.
    public var summary: String {
        let count =
            "\(exactCount) of \(replayed.count) recordings exact, \(operations) of \(total) operations\n"
        return (speed.map { "\($0)\n" } ?? "") + count
            + (notReached > 0 ? "interrupted with \(notReached) still to come\n" : "")
    }

    /// The measured times.
    public var times: JSONValue { ["operationsPerSecond": rate.map { .init($0.rounded()) } ?? nil] }

    /// A row for each recording.
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

    /// The report for programs.
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
