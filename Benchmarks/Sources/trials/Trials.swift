import ArgumentParser

/// Holds `explain` to logs by the thousand: damaged ones, and ones with a known cause.
@main
struct Trials: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trials", abstract: "Explain damaged logs, and logs with a known cause.",
        discussion: "Exit code 1: another cause was told than is right.", subcommands: [Damage.self, Labelled.self])
}
