import MachineSources
import PageAllocator
import SourceText
import Topology

extension CheckReport {
    /// The findings about sources.
    ///
    /// - Parameters:
    ///   - checks: The findings, one for each source.
    public init(_ checks: [SourceCheck]) { self.init(files: checks.map { File($0) }) }
}

extension CheckReport.File {
    init(_ check: SourceCheck) {
        self.init(name: check.name, kind: check.kind, problems: check.problems)
        problems += check.warnings.map { SourceProblem(.warning, at: [], source: check.name, $0.sentence) }
        guard let sourced = check.machine else {
            if !hasErrors { summary = "no machine" }
            return
        }
        notes = sourced.notes
        do throws(SourceRefusal) {
            let machine = try sourced.machine()
            summary = MachineReport(machine).summary
        } catch {
            var message = error.description
            if message.hasPrefix(check.name + ": ") { message.removeFirst(check.name.count + 2) }
            problems.append(SourceProblem(at: [], source: check.name, message))
        }
    }
}

extension AdministratorWarning {
    /// What is suspicious, and what to look at.
    var sentence: String {
        switch self {
        case .flatDistances(let nodes, let distance):
            "all \(nodes) nodes are \(distance) away from one another: on a machine of that many nodes firmware that says so "
                + "is mostly wrong, and nodes fall back by number; look at the firmware's NUMA settings (SLIT)"
        case .marksOutOfOrder(let zone, let marks):
            "zone \(zone.kind) of node \(zone.node) has marks out of order: min \(marks.min), low \(marks.low), high "
                + "\(marks.high); a kernel keeps them ascending, so the figures are of different moments or were edited"
        case .noMemoryNear(let node, let nearest, let distance):
            "node \(node) has CPUs and no memory, and the nearest, node \(nearest), is \(distance) away: every request of its "
                + "CPUs goes that far; look for empty memory slots"
        case .largeMinFree(let kibibytes, let managed):
            "min_free_kbytes \(kibibytes) is \(kibibytes * 100 / max(managed, 1)) % of memory: above a tenth, reclaim and the OOM "
                + "killer begin while much is free"
        }
    }
}
