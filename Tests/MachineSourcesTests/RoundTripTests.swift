import Foundation
import GFP
@testable import MachineSources
import MachineTrials
import PageAllocator
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

    /// Kernels whose rules are known, and older ones, whose texts have other forms.
    private static let kernels =
        [KernelVersion(2, 6, 32), KernelVersion(3, 10), KernelVersion(4, 4), KernelVersion(4, 9), KernelVersion(5, 4)]
        + KernelProfile.all.map(\.version)

    @Test(arguments: kernels.indices)
    func `what a form states comes back under the rules of every kernel`(index: Int) {
        // Another machine for each kernel, small ones only: all of them take minutes.
        let names = ["laptop", "movablecore", "i386-highmem", "two-socket", "memoryless-node", "movable-node"]
        let name = names[index % names.count]
        let path = SharedMaterial.packageRoot.appendingPathComponent("Config/\(name).json").path
        var trial = RoundTripTrial()
        trial.run(path, options: SourceOptions(kernel: Self.kernels[index]))
        #expect(trial.machines == 1 && trial.trips > 6, "\(name), \(Self.kernels[index]): \(trial.refusals)")
        #expect(trial.changes == [], "\(name), \(Self.kernels[index])")
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
