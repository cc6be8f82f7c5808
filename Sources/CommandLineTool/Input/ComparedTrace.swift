import ArgumentParser
import MachineSources
import PageAllocator
import Report
import Topology
import Traces

/// A trace that is replayed on two machines, with two kernels' rules or with two sets of settings.
struct ComparedTrace {
    var path: String
    /// One or two.
    var machines: [String]
    var settings: [SettingChange]
    var task: PlacementOptions
    /// None or two.
    var choices: [KernelChoice]

    /// Replays it twice, and further times to find the rules that cause a difference.
    func report(blames: Bool) throws -> ComparisonReport {
        let holdsOnBoth = machines.count == 2 || choices.count == 2
        let first = try start(machines[0], holdsOnBoth ? settings : [], choices.first)
        let second = try start(machines[machines.count - 1], settings, choices.last)
        let placement = try task.placement(on: first.topology)
        let one = try replay(on: first, holdsOnBoth ? placement : nil, "on A")
        let other = try replay(on: second, try task.placement(on: second.topology), "on B")
        var report = ComparisonReport(
            ReplayComparison(one, other), of: path, side(machines[0], first, isChanged: holdsOnBoth),
            side(machines[machines.count - 1], second, isChanged: true))
        if blames {
            report.blame = try RuleBlame(
                from: try KernelProfile(of: first.topology), to: try KernelProfile(of: second.topology)
            ) { profile in
                let mixed = try replay(on: first, placement, "by mixed rules", profile: profile)
                return ReplayComparison(mixed, other).figures.distance
            }
        }
        return report
    }

    private func side(_ machine: String, _ start: MachineStart, isChanged: Bool) -> ComparisonReport.Side {
        var changes = isChanged ? settings.map { "\($0.name)=\($0.value)" } : []
        if isChanged, task.isGiven { changes.append(task.description) }
        let name = [machine, changes.joined(separator: ", ")].filter { !$0.isEmpty }.joined(separator: " with ")
        return ComparisonReport.Side(name, RulesInForce(of: start.topology))
    }

    private func start(_ machine: String, _ settings: [SettingChange], _ choice: KernelChoice?) throws -> MachineStart {
        var snapshot = try MachineSource.path(machine).load().snapshot
        if let choice {
            snapshot.topology.kernel = choice.version
            snapshot.topology.rules = choice.changes
        }
        try snapshot.topology.apply(settings)
        return snapshot.zones.isEmpty ? .topology(snapshot.topology) : .snapshot(snapshot)
    }

    private func replay(
        on start: MachineStart, _ placement: TaskPlacement?, _ label: String, profile: KernelProfile? = nil
    ) throws -> ReplayResult {
        var input = try TraceInput.open(path)
        var replay = try Replay(on: start, options: ReplayOptions(placement: placement), profile: profile)
        var meter = ProgressMeter()
        try replay.run(&input) { replay, input throws(TraceError) in
            let progress = input.progress
            meter.update(
                done: progress.consumed, total: progress.size, count: replay.result.events, unit: "events \(label)")
            return !Interruption.isRequested
        }
        meter.end()
        guard !replay.result.isPartial else {
            Output.complain("interrupted \(label); there is nothing to compare yet")
            throw ExitCode.interrupted
        }
        return replay.result
    }
}
