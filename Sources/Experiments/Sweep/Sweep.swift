import OperatingSystem
import SourceText

/// A plan, and the folder that stores each cell's result as a file of its own, written atomically.
///
/// The bytes of a result do not depend on who plays the cell, so any number of programs may work in one folder, be
/// killed, and be restarted: existing results are kept, missing ones are played.
public struct Sweep: Sendable {
    /// The plan.
    public let plan: SweepPlan
    /// The folder with the results.
    public let folder: String
    /// The files that the plan depends on.
    public let inputs: SweepInputs
    /// The program's version, which is part of the results' keys.
    let version: String

    /// Reads the files that the plan depends on.
    ///
    /// - Parameters:
    ///   - plan: What is played.
    ///   - folder: The folder for results, created with the first result.
    ///   - version: The program's version.
    /// - Throws: `SourceError` for a file that the plan names and that cannot be read.
    public init(_ plan: SweepPlan, folder: String, version: String) throws(SourceError) {
        self.plan = plan
        self.folder = folder
        self.version = version
        inputs = try plan.inputs()
    }

    /// The path of the file with a cell's result.
    ///
    /// - Parameters:
    ///   - number: The cell's number.
    public func path(ofCell number: Int) -> String {
        let digits = "\(number)"
        return "\(folder)/cells/\(String(repeating: "0", count: max(6 - digits.count, 0)))\(digits).json"
    }

    /// Creates the folder for results.
    ///
    /// - Throws: ``SetupError`` if it cannot be created.
    public func makeFolder() throws(SetupError) {
        do { try FileSystem.makeDirectory("\(folder)/cells") } catch {
            throw SetupError("\(folder): no folder can be made there: \(error)")
        }
    }

    /// The stored result of a cell; nil unless it belongs to this plan, these inputs and this version of the program.
    ///
    /// - Parameters:
    ///   - number: The cell's number.
    public func record(ofCell number: Int) -> CellRecord? {
        let path = path(ofCell: number)
        guard FileSystem.exists(path),
            let document = try? JSONDocument.load(path), let record = CellRecord(document, axes: plan.axes),
            record.key == plan.key(of: plan.cell(number), inputs, version: version), record.number == number
        else { return nil }
        return record
    }

    /// The cells that are still to be played; cells that failed are tried again.
    ///
    /// - Parameters:
    ///   - share: The share of the work to consider.
    /// - Returns: The cells' numbers, in order.
    public func missing(_ share: WorkShare = WorkShare()) -> [Int] {
        (0..<plan.cellCount).filter { share.contains($0) && record(ofCell: $0)?.isSettled != true }
    }

    /// Plays a cell and writes its result.
    ///
    /// - Parameters:
    ///   - number: The cell's number.
    ///   - machines: Where the sources are read.
    ///   - shouldContinue: Called regularly; if it returns false, ``RunInterrupted`` is thrown.
    /// - Returns: The result; what prevents a cell from being played is a result as well.
    /// - Throws: ``RunInterrupted`` if told to stop, `OutputError` if the result cannot be written.
    public func play(
        _ number: Int, machines: MachineShelf, shouldContinue: () -> Bool
    ) throws -> CellRecord {
        let cell = plan.cell(number)
        let result: CellRecord.Result
        do {
            var outcome = try cell.setup.play(
                cell.workload, seed: cell.seed, machines: machines, shouldContinue: shouldContinue)
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

    /// The text with file names as the plan gives them: a result must not depend on the place where it was made.
    private func withoutFolder(_ text: String) -> String {
        guard let slash = plan.source.lastIndex(of: "/") else { return text }
        return text.replacing(String(plan.source[...slash]), with: "")
    }
}

/// Every n-th cell: what one of `n` workers plays.
public struct WorkShare: Hashable, Sendable {
    /// The worker's number, from 0.
    public var worker: Int
    /// The number of workers.
    public var workers: Int

    /// Creates a share; by default the whole work.
    ///
    /// - Parameters:
    ///   - worker: The worker's number, from 0.
    ///   - workers: The number of workers, at least 1.
    public init(worker: Int = 0, of workers: Int = 1) {
        self.worker = worker
        self.workers = max(workers, 1)
    }

    /// Whether a cell belongs to the share.
    public func contains(_ cell: Int) -> Bool { cell % workers == worker }
}
