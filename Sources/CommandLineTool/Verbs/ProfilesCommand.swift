import ArgumentParser
import Report

struct ProfilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profiles", abstract: "Say what differs between the kernels that numazones knows, rule by rule.")

    @OptionGroup var output: OutputOptions

    func run() throws {
        let report = ProfileReport()
        output.write(.profiles, ResultOrigin(command: Output.command), json: report.json) { report.text($0) }
    }
}
