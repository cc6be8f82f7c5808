import SourceText

/// Files that options such as `--out` and `--svg` name.
enum FileOutput {
    /// nil where the option was not given.
    static func create(_ path: String?) throws(OutputError) -> OutputFile? {
        guard let path else { return nil }
        return try OutputFile.create(path)
    }

    /// What to say where an option's file and the JSON of the result would be mixed.
    static func bothOnStandardOutput(_ option: String, beside other: String = "--json") -> String {
        "\(option) - and \(other) both write to standard output: name a file after \(option)"
    }
}
