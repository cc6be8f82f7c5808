import ArgumentParser

/// Runs by the hundred and thousand: logs that are damaged or have a known cause, machines written in every form.
@main
struct Trials: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trials", abstract: "Explain logs by the thousand, and write machines in every form.",
        discussion: "Exit code 1: another cause was told than is right, or a machine came back changed.",
        subcommands: [Damage.self, Labelled.self, RoundTrips.self, BesideHWLoc.self])
}
