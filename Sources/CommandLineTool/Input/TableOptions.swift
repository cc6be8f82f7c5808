import ArgumentParser

/// `--csv`, for verbs whose result is a table.
struct TableOptions: ParsableArguments {
    @Flag(help: "Print the table as comma-separated values.")
    var csv = false

    /// Checks that only one output goes to standard output.
    ///
    /// - Parameters:
    ///   - others: Flags that write to standard output in place of the text, and whether each was given.
    func validate(beside others: KeyValuePairs<String, Bool>) throws {
        guard csv, let other = others.first(where: { $0.value })?.key else { return }
        throw ValidationError("give one of \(other) and --csv: both go to standard output")
    }
}
