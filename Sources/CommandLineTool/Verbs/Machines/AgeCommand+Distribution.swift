import ArgumentParser
import MachineSources
import PageAllocator
import Report
import Scenarios
import SourceText

extension AgeCommand {
    /// The requested distribution of free blocks; nil if at most one order's index is requested.
    func distribution() throws -> (target: FreeDistribution, name: String)? {
        if let like {
            let machine = try MachineSource.path(like).load().machine()
            return (FreeDistribution(of: machine), like)
        }
        guard let blocks else { return nil }
        var orders = [Double](repeating: 0, count: 11)
        for part in blocks.split(separator: ",") {
            let pair = part.split(separator: "=")
            guard pair.count == 2, let order = Int(pair[0]), orders.indices.contains(order) else {
                throw ToolError("--blocks: \"\(part)\" is not ORDER=SHARE, as in 0=10%,4=30%,9=60%")
            }
            orders[order] = try Share(String(pair[1])).value
        }
        guard abs(orders.reduce(0, +) - 1) < 0.005 else {
            throw ToolError(
                "--blocks \(blocks): the shares are \(Share(value: orders.reduce(0, +))) together, not 100%")
        }
        return (FreeDistribution(free: 1 - occupancy.value, orders: orders, unmovable: unmovable.value), blocks)
    }

    /// Ages the machine to a distribution and writes its state.
    func age(to target: FreeDistribution, named name: String) throws {
        let loaded = try machine.load(words: source)
        Output.introduce(loaded)
        var machine = try loaded.machine()
        try Self.checkSize(of: machine, named: loaded.name, brokenUpBy: "block")
        var file = try FileOutput.create(out)
        Interruption.watch()
        let outcome = DistributionAgeing(target, seed: seed).age(&machine) { !Interruption.isRequested }
        if !outcome.isInterrupted {
            try file?.write(machine.snapshot().bytes(forFile: out ?? ""))
            try file?.finish()
        }
        guard out != "-" || outcome.isInterrupted else { return }
        let report = DistributionAgeingReport(outcome, seed: seed, machine: loaded.name, target: name)
        var origin = self.machine.origin(source, loaded)
        origin.sources += [like].compactMap { $0 }.map { ResultOrigin.Source($0) }
        origin.seed = seed
        output.write(.distribution, origin, json: report.json) { report.text($0) }
        if outcome.isInterrupted { throw ExitCode.interrupted }
    }

    /// The largest number of pages: each block that is freed takes memory in this program.
    private static let mostPages = 1 << 26

    /// Refuses a machine with more than ``mostPages``.
    ///
    /// - Parameters:
    ///   - machine: The machine.
    ///   - name: Its name.
    ///   - unit: What is freed one by one, in a word.
    /// - Throws: `ToolError` if it has more.
    static func checkSize(of machine: borrowing Machine, named name: String, brokenUpBy unit: String) throws(ToolError)
    {
        guard machine.managedPages <= mostPages else {
            throw ToolError(
                "\(name): has more memory than can be broken up \(unit) by \(unit); \(mostPages >> 18) GiB are the most, "
                    + "with pages of 4 KiB")
        }
    }
}
