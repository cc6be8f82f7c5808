import ArgumentParser

/// `--csv`, of verbs whose answer is a table.
struct TableOptions: ParsableArguments {
    @Flag(help: "Print the table as comma-separated values.")
    var csv = false

    /// - Parameter others: Flags that go to standard output in place of the text, and whether each was given.
    func validate(beside others: KeyValuePairs<String, Bool>) throws {
        guard csv, let other = others.first(where: { $0.value })?.key else { return }
        throw ValidationError("give one of \(other) and --csv: both go to standard output")
    }
}
