import SourceText

/// The files that options such as `--out` and `--svg` name.
enum FileOutput {
    /// Creates the file; nil if the option was not given.
    static func create(_ path: String?) throws(OutputError) -> OutputFile? {
        guard let path else { return nil }
        return try OutputFile.create(path)
    }

    /// The error if both an option's file and the JSON of the result would go to standard output.
    static func bothOnStandardOutput(_ option: String) -> String {
        "\(option) - and --json both write to standard output: name a file after \(option)"
    }
}
