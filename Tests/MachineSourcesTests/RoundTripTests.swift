import Foundation
@testable import MachineSources
import MachineTrials
import TestSupport
import Testing

/// What a form states of a machine is the same when it is read back. Trees of the corpus go the same way in release:
/// `trials roundtrips`.
@Suite struct RoundTripTests {
    @Test(arguments: ExportTests.machines)
    func `what a form states comes back`(path: String) {
        var trial = RoundTripTrial()
        trial.run(path)
        #expect(trial.machines == 1)
        #expect(trial.changes == [])
    }

    @Test func `the table of what each form states is that of the code`() throws {
        let page = SharedMaterial.packageRoot.appendingPathComponent("Documentation/Formats/MachineSources.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        for line in Self.table { #expect(text.contains("\n" + line + "\n"), "\(line)") }
    }

    /// The lines of the table.
    static let table: [String] = {
        let forms = ExportFormat.all
        let head = "| | " + forms.map { "`\($0.name)`" }.joined(separator: " | ") + " |"
        let rule = "|---" + String(repeating: "|:-:", count: forms.count) + "|"
        return [head, rule]
            + MachineFact.allCases.map { fact in
                "| \(fact.rawValue) | " + forms.map { $0.states.contains(fact) ? "yes" : "" }.joined(separator: " | ")
                    + " |"
            }
    }()
}
