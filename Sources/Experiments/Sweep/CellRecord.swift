import SourceText

/// The result of a cell in the form in which its file stores it.
public struct CellRecord: Hashable, Sendable {
    /// A digest of everything that decides the result, see `SweepPlan.key(of:_:version:)`.
    public var key: String
    /// The cell's number, from 0.
    public var number: Int
    /// The label of its value on each axis.
    public var labels: [String]
    /// The result.
    public var result: Result

    /// The result of a cell, or why there is none.
    public enum Result: Hashable, Sendable {
        case played(RunOutcome)
        /// It could not be played; the text says why.
        case failed(String)
    }

    /// Whether the cell was played and all its expectations were met.
    public var passed: Bool {
        switch result {
        case .played(let outcome): outcome.passed
        case .failed: false
        }
    }

    /// Whether the result is final; a cell that could not be played is tried again.
    public var isSettled: Bool {
        switch result {
        case .played: true
        case .failed: false
        }
    }
}

extension CellRecord {
    /// Must be changed with the form; results of another form are played again.
    static let format = "numazones-sweep-cell/1"

    func text(axes: [SweepAxis]) -> String {
        var object: JSONObject = ["format": .init(Self.format), "key": .init(key), "cell": .init(number)]
        object["values"] = .init(JSONObject(zip(axes, labels).map { ($0.name, JSONValue($1)) }))
        switch result {
        case .played(let outcome):
            object["rules"] = .init(outcome.rules)
            object["failures"] = .init(outcome.failures.map { JSONValue($0) })
            object["measures"] = outcome.figures.json
        case .failed(let why): object["error"] = .init(why)
        }
        return JSONValue(object).text() + "\n"
    }

    /// Nil if the document is not a result in this form.
    init?(_ document: JSONDocument, axes: [SweepAxis]) {
        let root = document.root
        guard root["format"]?.string == Self.format, let key = root["key"]?.string, let number = root["cell"]?.int,
            let values = root["values"]?.object
        else { return nil }
        let result: Result
        if let why = root["error"]?.string {
            result = .failed(why)
        } else {
            guard let rules = root["rules"]?.string, let figures = root["measures"].flatMap({ Figures($0) }),
                let failures = root["failures"]?.array
            else { return nil }
            result = .played(RunOutcome(rules: rules, figures: figures, failures: failures.compactMap(\.string)))
        }
        self.init(
            key: key, number: number, labels: axes.compactMap { values[$0.name]?.string }, result: result)
    }
}
