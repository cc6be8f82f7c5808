import Foundation
import TestSupport
import Testing

/// What documents show of the program is what it prints.
@Suite struct ConsoleBlockTests {
    private static let records = ProcessInfo.processInfo.environment["NUMAZONES_RECORD_SNAPSHOTS"] == "1"

    /// A line of dots stands for output that is left out: to the end, or to where the next shown line is.
    private static func shows(_ shown: String, _ printed: String) -> Bool {
        var rest = printed.split(separator: "\n", omittingEmptySubsequences: false)[...]
        var mayOmit = false
        for line in shown.split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "..." {
                mayOmit = true
                continue
            }
            if mayOmit { rest = rest.drop { $0 != line } }
            guard rest.first == line else { return false }
            rest.removeFirst()
            mayOmit = false
        }
        return mayOmit || rest.isEmpty
    }

    @Test(arguments: DocumentBlock.all(in: "console"))
    func `the program prints what a document shows`(_ block: DocumentBlock) throws {
        let transcript = Transcript(block.text)
        #expect(!transcript.entries.isEmpty)
        for entry in transcript.entries {
            let result = try Session.run(entry.command)
            let printed = Transcript.printed(result)
            if entry.printed.isEmpty {
                // The command alone is shown.
                #expect(result.code == 0, "\(entry.command)\n\(printed)")
            } else if Self.records {
                try Self.record(entry, printed, in: block.document)
            } else {
                #expect(Self.shows(entry.printed, printed), "\(entry.command) prints\n\(printed)")
            }
        }
    }

    /// Rewrites what a document shows: as many lines as it showed, where it ends in dots.
    private static func record(
        _ entry: (command: String, printed: String), _ printed: String, in document: String
    ) throws {
        guard !shows(entry.printed, printed) else { return }
        var new = printed
        if entry.printed.hasSuffix("\n...") {
            let count = entry.printed.split(separator: "\n", omittingEmptySubsequences: false).count - 1
            let lines = printed.split(separator: "\n", omittingEmptySubsequences: false).prefix(count)
            new = lines.joined(separator: "\n") + "\n..."
        }
        let url = SharedMaterial.packageRoot.appendingPathComponent(document)
        let text = try String(contentsOf: url, encoding: .utf8)
        let old = "$ \(entry.command)\n\(entry.printed)\n"
        #expect(text.contains(old))
        try text.replacingOccurrences(of: old, with: "$ \(entry.command)\n\(new)\n")
            .write(to: url, atomically: true, encoding: .utf8)
    }

    @Test func `dots stand for lines left out`() {
        #expect(Self.shows("a\n...\nd", "a\nb\nc\nd"))
        #expect(Self.shows("a\n...", "a\nb"))
        #expect(!Self.shows("a", "a\nb"))
        #expect(!Self.shows("a\n...\nx", "a\nb"))
        #expect(!Self.shows("b", "a"))
    }
}
