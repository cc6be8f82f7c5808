import ArgumentParser
import OperatingSystem
import GFP
import PageAllocator
import Recordings
import Report
import Topology

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Replay recordings of real kernels and compare every answer, event and state.",
        discussion: """
            A recording holds a real allocator's whole state, the requests made to it with the page frame each one got, \
            and the state at the end. The machine restored from it must do the same, page frame for page frame. The exit \
            code is 0 only if every recording is exact.

            EXAMPLES
              numazones verify Tests/RecordingsTests/Fixtures/Recordings
              numazones verify recording.json.gz --explain
              numazones verify recordings/ --rules 6.12 --blame --jobs 4
            """)

    @Argument(help: "Recordings (.json, .json.gz), or directories of them.", completion: .file())
    var files: [String]

    @Flag(help: "Show the walk of the first request that differs.")
    var explain = false

    @Flag(help: "Check every list, counter and page after each operation. Slow.")
    var checkInvariants = false

    @Flag(help: "Compare live recordings' outcomes and counters with those of a machine with an LRU.")
    var live = false

    @Flag(help: "With --live or --blame, print the tables of Documentation/Recordings/LiveRecordings.md or Blame.md.")
    var markdown = false

    @Flag(help: "Where a recording differs, find the fewest rules of another kernel that explain it.")
    var blame = false

    @Option(
        name: .customLong("rules"),
        help: ArgumentHelp(
            "Replay under the rules of this kernel instead of the recording's own, as in 6.12 or 6.12+boostStep=2.",
            valueName: "version"))
    var kernel: String?

    @Option(
        help: ArgumentHelp("Replay under the rules of a profile's file.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var profile: String?

    @Option(
        name: .customLong("rule"),
        help: ArgumentHelp("Change a rule, as in highAtomicDivisor=50. May be repeated.", valueName: "key=value"))
    var changes: [String] = []

    @Option(name: [.long, .customShort("j")], help: "How many recordings to replay at once.")
    var jobs = 1

    @OptionGroup var table: TableOptions

    @OptionGroup var output: OutputOptions

    func validate() throws {
        try table.validate(beside: [
            "--json": output.json, "--markdown": markdown, "--live": live, "--explain": explain,
        ])
    }

    func run() throws {
        guard live || blame || !markdown else { throw ToolError("--markdown goes with --live or --blame") }
        guard (1...1024).contains(jobs) else { throw ToolError("--jobs \(jobs): replay 1 to 1024 at once") }
        let choice = try ruleChoice()
        let paths = try RecordingFiles.find(files)
        Interruption.watch()
        if live { return try compareLive(paths, choice) }
        var report = VerificationReport()
        let replaying = RecordingReplay(
            rules: choice, explains: explain, blames: blame, checksInvariants: checkInvariants)
        let work = OrderedWork(count: paths.count, jobs: jobs) { replaying.replay(paths[$0]) }
        work.start()
        for (index, path) in paths.enumerated() {
            if Interruption.isRequested {
                report.notReached = paths.count - index
                break
            }
            Output.progress("\(index + 1) of \(paths.count): \(path)")
            let replayed = work.result(index)
            Output.endProgress()
            switch replayed {
            case .entry(let entry): report.add(entry)
            case .unreadable(let complaint):
                Output.complain(complaint)
                report.unreadable += 1
                continue
            }
            if !output.json, !markdown, !table.csv { Output.write(report.lastLines(output.style)) }
        }
        let origin = ResultOrigin(command: Output.command, sources: output.json ? paths : [])
        output.write(.verification, origin, json: report.json, times: report.times) { _ in
            table.csv ? report.csv : markdown ? report.blameTable : report.summary
        }
        if report.notReached > 0 { throw ExitCode.interrupted }
        if report.unreadable > 0 || report.hasRefused { throw ExitCode(2) }
        if !report.isExact { throw ExitCode(1) }
    }

    private func ruleChoice() throws -> RecordingReplay.Rules {
        guard kernel == nil || profile == nil else {
            throw ToolError("--rules and --profile both name rules: give one of them")
        }
        let base =
            try kernel.map { text throws(ToolError) in try RuleOptions.kernel(text, of: "--rules") }
            ?? profile.map { try RuleOptions.file($0) }
        let choice = RecordingReplay.Rules(
            version: base?.version, changes: (base?.changes ?? []) + (try changes.map { try RuleChange($0) }))
        if !choice.changes.isEmpty {
            _ = try KernelProfile(nearest: choice.version ?? KernelProfile.newest.version).changed(by: choice.changes)
        }
        return choice
    }

    private func compareLive(_ paths: [String], _ rules: RecordingReplay.Rules) throws {
        var report = LiveVerificationReport()
        var isInterrupted = false
        for (index, path) in paths.enumerated() {
            isInterrupted = Interruption.isRequested
            if isInterrupted { break }
            Output.progress("\(index + 1) of \(paths.count): \(path)")
            do {
                let recording = try Recording.load(path)
                Output.endProgress()
                guard recording.mode == .live else { continue }
                report.add(try LiveVerifier.verify(recording, under: rules.profile(for: recording)))
            } catch {
                Output.endProgress()
                Output.complain("\(error)")
                report.unreadable += 1
                continue
            }
            if !output.json, !markdown { Output.write(report.lastLines(output.style)) }
        }
        let origin = ResultOrigin(command: Output.command, sources: output.json ? paths : [])
        output.write(.liveVerification, origin, json: report.json) { _ in
            markdown ? report.markdown : report.summary
        }
        if isInterrupted { throw ExitCode.interrupted }
        if report.unreadable > 0 { throw ExitCode(2) }
        if !report.agrees { throw ExitCode(1) }
    }
}
