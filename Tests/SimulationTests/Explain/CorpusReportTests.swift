import Foundation
import KernelText
import TestSupport
import Testing

@testable import Simulation

@Suite struct CorpusReportTests {
    @Test(.enabled(if: SharedMaterial.has("corpus/dmesg")))
    func rebuiltMachinesRefuseWhatKernelsRefused() throws {
        for folder in ["corpus/dmesg", "corpus/dmesg-wrapped"] {
            for path in SharedMaterial.files(in: folder, endingIn: ".txt") {
                let bytes = try Data(contentsOf: SharedMaterial.root.appendingPathComponent(path))
                let analyses = FailureAnalysis.analyses(of: LogScanner.reports(in: bytes))
                for a in analyses {
                    print("ROW", path.split(separator: "/").last!.prefix(44), a.report.kind.rawValue, a.request?.maskText ?? "-", a.request?.order ?? -9, a.verdict, a.cause.rawValue, a.request?.binding as Any, a.request?.task.rawValue ?? 0)
                    if a.isRefused == false { for z in a.zones { print("    ", z.zone.node, z.zone.kind, "managed", z.managed, "free", z.free, "unus", z.unusable, "mark", z.effectiveMark, "res", z.lowmemReserve, "largest", z.largestBlock as Any, z.verdict) } }
                }
            }
        }
    }
}
