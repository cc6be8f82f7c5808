import ArgumentParser
import PageAllocator
import Report

struct ProfilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profiles",
        abstract: "Show the differences between the kernels that numazones knows, rule by rule.",
        discussion: """
            Each rule has a key, by which --rule KEY=VALUE changes it on any verb that builds a machine. With one kernel, \
            --json writes its profile, a file for --profile.

            EXAMPLES
              numazones profiles
              numazones profiles 6.12 7.3
              numazones profiles 6.1 7.2+claimFromOrder=5
              numazones profiles 6.6
              numazones profiles 6.12 --json
            """)

    @Argument(
        help: ArgumentHelp(
            "The kernels, some rules changed as in 6.12+boostStep=2; by default all known.", valueName: "versions"))
    var versions: [String] = []

    @Flag(help: "Also show the rules that these kernels have in common.")
    var all = false

    @Flag(help: "Print Documentation/Kernels/Profiles.md.")
    var markdown = false

    @OptionGroup var table: TableOptions

    @OptionGroup var output: OutputOptions

    func validate() throws { try table.validate(beside: ["--json": output.json, "--markdown": markdown]) }

    func run() throws {
        if markdown {
            guard versions.isEmpty, !output.json else { throw ToolError("--markdown prints one page, of all kernels") }
            return Output.write(ProfileReport.markdown)
        }
        let choices = try versions.map { text throws(ToolError) in try RuleOptions.kernel(text, of: "profiles") }
        let profiles = try choices.map { try KernelProfile(nearest: $0.version).changed(by: $0.changes) }
        let others = choices.isEmpty ? nil : choices.map(\.version)
        if let only = profiles.first, profiles.count == 1 {
            if output.json { return Output.write(only.document) }
            let report = ProfileReport([only], showsAll: true, others: others)
            return Output.write(table.csv ? report.csv : report.text(output.style))
        }
        let report = ProfileReport(profiles.isEmpty ? KernelProfile.all : profiles, showsAll: all, others: others)
        output.write(.profiles, ResultOrigin(command: Output.command), json: report.json) {
            table.csv ? report.csv : report.text($0)
        }
    }
}
