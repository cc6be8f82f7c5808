import Databases
import Report
import SourceText

/// The files that a sweep writes besides its cells.
struct SweepFiles {
    private let contents: [(name: String, bytes: [UInt8])]
    /// The contents of `sweep.json` without the origin.
    let manifest: JSONValue
    private let manifestFile: String

    /// What is omitted and why, as a sentence; nil: nothing.
    let omitted: String?

    init(_ report: SweepReport, _ page: SweepPage) throws(DatabaseError) {
        var files = [("results.csv", Array(report.csv.utf8)), ("index.html", Array(page.html.utf8))]
        do throws(DatabaseError) {
            files.insert(("results.sqlite", try report.database().bytes), at: 1)
            omitted = nil
        } catch {
            guard error.isMissingLibrary else { throw error }
            omitted = "results.sqlite is omitted: \(error)"
        }
        contents = files
        manifest = report.manifest(
            results: contents.map { file in
                var sum = SHA256()
                sum.update(file.bytes)
                return (file.name, sum.finish())
            })
        // Not the actual command line: everybody who plays the plan writes the same bytes.
        manifestFile = ResultOrigin(command: ["sweep", report.planName]).json(.sweep, manifest).text() + "\n"
    }

    var names: [String] { contents.map(\.name) + ["sweep.json"] }

    func write(to folder: String) throws(OutputError) {
        for file in contents {
            var output = try OutputFile.create("\(folder)/\(file.name)")
            try output.write(file.bytes)
            try output.finish()
        }
        try OutputFile.write(manifestFile, to: "\(folder)/sweep.json")
    }
}
