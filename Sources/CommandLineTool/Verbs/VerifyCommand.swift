import ArgumentParser
import Recordings
import Report
import Traces

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Replay recordings of real kernels and compare every answer, event and state.",
        discussion: """
            A recording holds a real allocator's whole state, the requests made to it with the page frame each one got, \
            and the state at the end. The machine restored from it must do the same, page frame for page frame. The exit \
            code is 0 only if every recording is exact.

            EXAMPLES
              numazones verify Tests/SimulationTests/Fixtures/Recordings
              numazones verify recording.json.gz --explain
            """)

    @Argument(help: "Recordings (.json, .json.gz), or directories of them.", completion: .file())
    var files: [String]

    @Flag(help: "Show the walk of the first request that differs.")
    var explain = false

    @Flag(help: "Check every list, counter and page after each operation. Slow.")
    var checkInvariants = false

    @Flag(help: "Compare live recordings' outcomes and counters with those of a machine with an LRU.")
    var live = false

    @Flag(help: "With --live, print the tables of Documentation/LiveRecordings.md.")
    var markdown = false

    @OptionGroup var output: OutputOptions

    func run() throws {
        guard live || !markdown else { throw ToolError("--markdown goes with --live") }
        let paths = try RecordingFiles.find(files)
        Interruption.watch()
        if live { return try compareLive(paths) }
        var report = VerificationReport()
        for (index, path) in paths.enumerated() {
            if Interruption.isRequested {
                report.notReached = paths.count - index
                break
            }
            Output.progress("\(index + 1) of \(paths.count): \(path)")
            let recording: Recording
            do {
                recording = try Recording.load(path)
            } catch {
                Output.endProgress()
                Output.complain("\(error)")
                report.unreadable += 1
                continue
            }
            let result = Verifier.verify(recording, checksInvariants: checkInvariants)
            Output.endProgress()
            if explain { report.add(result, explainedFrom: recording) } else { report.add(result) }
            if !output.json { Output.write(report.lastLines(output.style)) }
        }
        let origin = ResultOrigin(command: Output.command, sources: output.json ? paths : [])
        output.write(.verification, origin, json: report.json, times: report.times) { _ in report.summary }
        if report.notReached > 0 { throw ExitCode.interrupted }
        if report.unreadable > 0 { throw ExitCode(2) }
        if !report.isExact { throw ExitCode(1) }
    }

    private func compareLive(_ paths: [String]) throws {
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
                report.add(try LiveVerifier.verify(recording))
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
