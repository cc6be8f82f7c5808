import ArgumentParser
import MachineSources
import Report

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Report every error in descriptions of machines.",
        discussion: """
            Each problem is a line FILE:LINE:COLUMN: error: PATH: what is wrong and what would be right. Warnings alone \
            leave the exit code 0; errors make it 2.

            EXAMPLE
              numazones check Config/*.json
            """)

    @Argument(help: "Files, directories, or - for standard input.", completion: .file())
    var files: [String]

    @OptionGroup var output: OutputOptions

    func run() throws {
        let report = CheckReport(MachineOptions.joined(files).map { SourceCheck($0) })
        output.write(.check, ResultOrigin(command: Output.command, sources: files), json: report.json) {
            report.text($0)
        }
        if report.hasErrors { throw ExitCode(2) }
    }
}
