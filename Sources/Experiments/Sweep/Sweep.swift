import OperatingSystem
import SourceText

/// A plan, and the folder in which each cell's result is a file of its own, written once and whole.
///
/// Whoever plays a cell writes the same bytes, so that any number of programs may work in one folder, be killed, and be
/// started again: what is there is kept, what is missing is played.
public struct Sweep: Sendable {
    public let plan: SweepPlan
    /// Where results lie.
    public let folder: String
    public let inputs: SweepInputs
    /// The program's, which is part of what distinguishes results.
    let version: String

    /// - Parameters:
    ///   - plan: What is played.
    ///   - folder: Is made when the first result is written.
    ///   - version: The program's.
    /// - Throws: `SourceError` for a file that the plan names and that cannot be read.
    public init(_ plan: SweepPlan, folder: String, version: String) throws(SourceError) {
        self.plan = plan
        self.folder = folder
        self.version = version
        inputs = try plan.inputs()
    }

    /// The file of a cell's result.
    public func path(ofCell number: Int) -> String {
        let digits = "\(number)"
        return "\(folder)/cells/\(String(repeating: "0", count: max(6 - digits.count, 0)))\(digits).json"
    }

    /// Makes the folder for results.
    ///
    /// - Throws: ``SetupError`` if there can be none.
    public func makeFolder() throws(SetupError) {
        do { try FileSystem.makeDirectory("\(folder)/cells") } catch {
            throw SetupError("\(folder): no folder can be made there: \(error)")
        }
    }

    /// The result of a cell, if there is one of this plan, these inputs and this program.
    public func record(ofCell number: Int) -> CellRecord? {
        let path = path(ofCell: number)
        guard FileSystem.exists(path),
            let document = try? JSONDocument.load(path), let record = CellRecord(document, axes: plan.axes),
            record.key == plan.key(of: plan.cell(number), inputs, version: version), record.number == number
        else { return nil }
        return record
    }

    /// The cells that are still to be played, those of a share of the work only if one is given; cells that failed are
    /// tried again.
    public func missing(_ share: WorkShare = WorkShare()) -> [Int] {
        (0..<plan.cellCount).filter { share.contains($0) && record(ofCell: $0)?.isSettled != true }
    }

    /// Plays a cell and writes its result.
    ///
    /// - Returns: What it came to.
    /// - Throws: ``RunInterrupted`` if told to stop, `OutputError` if the result cannot be written. What keeps a cell from
    ///   being played is its result.
    public func play(
        _ number: Int, machines: MachineShelf, goesOn: () -> Bool
    ) throws -> CellRecord {
        let cell = plan.cell(number)
        let result: CellRecord.Result
        do {
            var outcome = try cell.setup.play(cell.workload, seed: cell.seed, machines: machines, goesOn: goesOn)
            outcome.failures = outcome.failures.map(withoutFolder)
            result = .played(outcome)
        } catch let error as RunInterrupted {
            throw error
        } catch {
            result = .failed(withoutFolder("\(error)"))
        }
        let record = CellRecord(
            key: plan.key(of: cell, inputs, version: version), number: number,
            labels: zip(plan.axes, cell.places).map { $0.values[$1].label }, result: result)
        try OutputFile.write(record.text(axes: plan.axes), to: path(ofCell: number))
        return record
    }

    /// Files as the plan names them, wherever it lies: a result must not tell where it was made.
    private func withoutFolder(_ text: String) -> String {
        guard let slash = plan.source.lastIndex(of: "/") else { return text }
        return text.replacing(String(plan.source[...slash]), with: "")
    }
}

/// Every so manieth cell: what one of several workers plays.
public struct WorkShare: Hashable, Sendable {
    public var worker: Int
    public var workers: Int

    /// - Parameters:
    ///   - worker: From 0.
    ///   - workers: At least 1.
    public init(worker: Int = 0, of workers: Int = 1) {
        self.worker = worker
        self.workers = max(workers, 1)
    }

    public func contains(_ cell: Int) -> Bool { cell % workers == worker }
}
