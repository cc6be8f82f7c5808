import ArgumentParser
import PageAllocator
import SourceText
import Topology

/// `--out`: writes the machine's final state, which can be used as a SOURCE.
struct StateOptions: ParsableArguments {
    @Option(
        name: .customLong("out"),
        help: ArgumentHelp(
            "Write the machine's whole state at the end, a SOURCE for later: JSON, or compact if the name ends in .nzs.",
            valueName: "state"),
        completion: .file())
    var path: String?

    /// Checks that only one output goes to standard output.
    ///
    /// - Parameters:
    ///   - others: Whether something else goes to standard output.
    func validate(beside others: Bool) throws {
        if path == "-", others {
            throw ValidationError("--out - goes to standard output too: name a file after --out")
        }
    }

    /// Writes the state if the option was given.
    func write(_ state: @autoclosure () -> Snapshot) throws {
        guard let path else { return }
        try Self.write(state(), to: path)
    }

    static func write(_ state: Snapshot, to path: String) throws {
        var file = try OutputFile.create(path)
        try file.write(state.bytes(forFile: path))
        try file.finish()
    }
}
