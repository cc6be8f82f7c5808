import ArgumentParser
import Foundation
import MachineTrials

/// Machines written in every form and read back.
struct RoundTrips: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roundtrips", abstract: "Write machines in every form, and read them back.")

    @Argument(help: "Sources of machines.") var paths: [String]

    func run() throws {
        var trial = RoundTripTrial()
        for path in paths { trial.run(path) }
        print("round trips: \(trial.machines) machines of \(paths.count) sources, \(trial.trips) trips")
        for change in trial.changes { print("round trips: changed: \(change)") }
        for refusal in trial.refusals { print("round trips: refused: \(refusal)") }
        guard trial.changes.isEmpty, trial.machines > 0 else { throw ExitCode.failure }
    }
}

/// Trees gathered for hwloc, read here and by hwloc.
struct BesideHWLoc: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hwloc", abstract: "Compare trees gathered for hwloc with what hwloc says of them.")

    @Argument(help: "Tarballs of trees.") var tarballs: [String]

    func run() throws {
        guard let program = HWLocTrial.program else { return print("hwloc: skipped: there is no lstopo here") }
        var trial = HWLocTrial()
        for tarball in tarballs { try trial.run(tarball, program: program) }
        print("hwloc: \(tarballs.count) trees, \(trial.alike) alike")
        for line in trial.differences { print("hwloc: \(line)") }
        for line in trial.skipped { print("hwloc: not compared: \(line)") }
        guard trial.differences.isEmpty else { throw ExitCode.failure }
    }
}
