import Foundation
import KernelText
import SourceText
import TestSupport
import Testing

@testable import Simulation

@Suite struct TrueCauseTests {
    private static let folder = "oracle/failures"

    @Test(.enabled(if: SharedMaterial.has(folder)))
    func trueCausesAreTold() throws {
        var right = 0
        var misses: [String] = []
        let logs = SharedMaterial.files(in: Self.folder, endingIn: ".log").filter { !$0.hasSuffix(".boot.log") }
        for path in logs {
            let json = SharedMaterial.root.appendingPathComponent(path.dropLast(4) + ".json")
            let truth = try JSONDocument.load(json.path).root["cause_class"]?.string ?? ""
            let bytes = try Data(contentsOf: SharedMaterial.root.appendingPathComponent(path))
            let analyses = FailureAnalysis.analyses(of: LogScanner.reports(in: bytes))
            let told = analyses.map(\.cause.rawValue)
            if told.first == truth.replacingOccurrences(of: "_", with: "-") { right += 1 } else {
                misses.append("\(path): \(truth), told \(told.prefix(3)) \(analyses.first?.verdict, default: "-") ")
            }
            if Set(told).count > 1 { print("MIXED \(path) \(told)") }
        }
        print("\(right) of \(logs.count)")
        for miss in misses { print(miss) }
        #expect(Double(right) >= 0.95 * Double(logs.count))
    }
}
