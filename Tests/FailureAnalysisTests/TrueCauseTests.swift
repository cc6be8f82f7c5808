import Foundation
import KernelLog
import SourceText
import TestSupport
import Testing

@testable import FailureAnalysis

/// Causes told from logs of real kernels, against what was truly done to them.
@Suite struct TrueCauseTests {
    private static let folder = "oracle/failures"

    /// What a log cannot tell, with the cause that it shows instead.
    private static let undecidable: [String: (told: Cause, why: String)] = [
        "ramdisk": (.pageLeak, "pages of a RAM disk are on no counter, like any pages that a driver took"),
        "vmalloc_leak": (.pageLeak, "vmalloc's pages are on no counter of the report"),
        "below_min_no_reserve": (.watermarkBoost, "without the boost printed the first look would have succeeded"),
    ]

    private func analyses(_ path: String) throws -> [FailureAnalysis] {
        let bytes = try Data(contentsOf: SharedMaterial.root.appendingPathComponent(path))
        return FailureAnalysis.analyses(of: LogScanner.reports(in: bytes))
    }

    private func trueCause(_ path: String) throws -> String {
        try JSONDocument.load(SharedMaterial.root.appendingPathComponent(path).path).root["cause_class"]?.string ?? ""
    }

    @Test(.enabled(if: SharedMaterial.has(folder)))
    func `the true cause is told`() throws {
        let logs = SharedMaterial.files(in: Self.folder, endingIn: ".log").filter { !$0.hasSuffix(".boot.log") }
        var misses: [String] = []
        for path in logs {
            let truth = try trueCause(path.dropLast(4) + ".json")
            let told = try analyses(path).map(\.cause)
            if Set(told.map(\.rawValue)) == [truth.replacing("_", with: "-")] { continue }
            misses.append("\(path): \(truth), told \(told.map(\.rawValue))")
            #expect(
                Self.undecidable[truth]?.told == told.first,
                "\(path): \(truth) is told as \(told.map(\.rawValue)), for which there is no excuse")
        }
        for miss in misses { print("miss: \(miss)") }
        #expect(misses.count * 20 <= logs.count, "\(misses.count) of \(logs.count) causes are wrong")
        #expect(logs.count >= 148)
    }

    @Test(.enabled(if: SharedMaterial.has(folder + "/variants")))
    func `the form of a log does not matter`() throws {
        var told: [Substring: Set<[Cause]>] = [:]
        var files = 0
        for path in SharedMaterial.files(in: Self.folder + "/variants") {
            let file = path.split(separator: "/").last ?? ""
            guard file.hasSuffix(".txt") || file.hasSuffix(".journal.json"), let name = file.split(separator: ".").first
            else { continue }
            files += 1
            let causes = try analyses(path).map(\.cause)
            // The form of a log without records is empty.
            if !causes.isEmpty { told[name, default: []].insert(causes) }
        }
        for (name, causes) in told {
            #expect(causes.count == 1, "\(name) is told as \(causes)")
            let original = "\(Self.folder)/\(name).log"
            if SharedMaterial.has(original) { #expect(try analyses(original).map(\.cause) == causes.first) }
        }
        #expect(files >= 45 && told.count >= 8)
    }

    /// Kernels, settings and people leave parts out: without letters (before 3.9), without a mask's names (before 4.6),
    /// without the call trace, without the table of tasks (vm.oom_dump_tasks 0) the cause is the same.
    @Test(.enabled(if: SharedMaterial.has(folder)))
    func `missing parts do not change the cause`() throws {
        let logs = SharedMaterial.files(in: Self.folder, endingIn: ".log").filter { !$0.hasSuffix(".boot.log") }
        for (index, path) in logs.enumerated() {
            let bytes = try Data(contentsOf: SharedMaterial.root.appendingPathComponent(path))
            let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\n")
            let changed: [String]
            switch index % 4 {
            case 0: changed = lines.map { $0.contains("*4kB") ? $0.replacing(#/\ \([UMEHCI]+\)/#, with: "") : $0 }
            case 1: changed = lines.map { $0.replacing(#/((?:mode:|mask=|gfp=)0x[0-9a-f]+)\([^)]*\)/#) { "\($0.1)" } }
            case 2: changed = lines.filter { !$0.contains("+0x") || $0.contains("WARNING") || $0.contains("Comm:") }
            default: changed = lines.filter { !$0.contains(#/\[\ +(?:pid|[0-9]+)\ *\]\ +/#) }
            }
            let told = FailureAnalysis.analyses(of: LogScanner.reports(in: changed.joined(separator: "\n"))).map(
                \.cause)
            #expect(try Set(told) == Set(analyses(path).map(\.cause)), "\(path), change \(index % 4)")
        }
    }

    /// Where an allocator was asked, the rebuilt machine must give the kernel's answer.
    @Test(.enabled(if: SharedMaterial.has(folder)))
    func `rebuilt machines refuse`() throws {
        var served: [String] = []
        var asked = 0
        for path in SharedMaterial.files(in: Self.folder, endingIn: ".log") where !path.hasSuffix(".boot.log") {
            for analysis in try analyses(path) {
                guard let isRefused = analysis.isRefused else { continue }
                asked += 1
                if !isRefused { served.append(path) }
            }
        }
        #expect(served.count * 50 <= asked, "\(served)")
        #expect(asked > 120)
    }
}
