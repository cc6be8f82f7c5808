import SourceText

/// The results of a sweep, in the order of its cells.
public struct SweepTable: Sendable {
    /// The plan.
    public let plan: SweepPlan
    /// The files that the plan depends on.
    public let inputs: SweepInputs
    /// The results, by the cells' numbers.
    public let records: [CellRecord]
    /// The numbers of the cells without a result.
    public let missing: [Int]

    /// Collects the results that exist.
    ///
    /// - Parameters:
    ///   - sweep: The sweep.
    public init(_ sweep: Sweep) {
        plan = sweep.plan
        inputs = sweep.inputs
        var records: [CellRecord] = []
        var missing: [Int] = []
        for number in 0..<sweep.plan.cellCount {
            if let record = sweep.record(ofCell: number) {
                records.append(record)
            } else {
                missing.append(number)
            }
        }
        self.records = records
        self.missing = missing
    }

    /// Whether every cell has a result.
    public var isWhole: Bool { missing.isEmpty }

    /// The cells that could not be played, with the reason.
    public var failed: [(record: CellRecord, why: String)] {
        records.compactMap { record in
            switch record.result {
            case .failed(let why): (record, why)
            case .played: nil
            }
        }
    }

    /// The cells that were played and in which an expectation failed.
    public var unexpected: [(record: CellRecord, outcome: RunOutcome)] {
        records.compactMap { record in
            switch record.result {
            case .played(let outcome): outcome.passed ? nil : (record, outcome)
            case .failed: nil
            }
        }
    }
}
