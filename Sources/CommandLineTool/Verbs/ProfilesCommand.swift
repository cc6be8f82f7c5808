import ArgumentParser
import Report

struct ProfilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profiles", abstract: "Say what differs between the kernels that numazones knows, rule by rule.")

    @OptionGroup var output: OutputOptions

    func run() throws {
        let report = ProfileReport()
        if output.json { Output.write(report.json) } else { Output.write(report.text(Output.style)) }
    }
}
