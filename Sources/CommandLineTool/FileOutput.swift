import SourceText

/// The files that options such as `--out` and `--svg` name.
enum FileOutput {
    /// Creates the file; nil if the option was not given.
    static func create(_ path: String?) throws(OutputError) -> OutputFile? {
        guard let path else { return nil }
        return try OutputFile.create(path)
    }

    /// The error if both an option's file and another output would go to standard output.
    static func bothOnStandardOutput(_ option: String, beside other: String = "--json") -> String {
        "\(option) - and \(other) both write to standard output: name a file after \(option)"
    }
}
