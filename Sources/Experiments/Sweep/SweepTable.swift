import SourceText

/// The results of a sweep, in the order of its cells.
public struct SweepTable: Sendable {
    public let plan: SweepPlan
    public let inputs: SweepInputs
    public let records: [CellRecord]
    /// Cells without a result.
    public let missing: [Int]

    /// Gathers what is there.
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

    public var isWhole: Bool { missing.isEmpty }

    /// Cells that could not be played, with why.
    public var failed: [(record: CellRecord, why: String)] {
        records.compactMap { record in
            switch record.result {
            case .failed(let why): (record, why)
            case .played: nil
            }
        }
    }

    /// Cells that were played and did not come to what they expect.
    public var unexpected: [(record: CellRecord, outcome: RunOutcome)] {
        records.compactMap { record in
            switch record.result {
            case .played(let outcome): outcome.passed ? nil : (record, outcome)
            case .failed: nil
            }
        }
    }
}
