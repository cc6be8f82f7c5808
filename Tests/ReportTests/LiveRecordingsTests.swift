import Foundation
import Recordings
import Report
import TestSupport
import Testing

/// Live recordings on machines with an LRU.
@Suite(.enabled(if: SharedMaterial.has("oracle/recordings/k61-live-oom.json.gz")))
struct LiveRecordingsTests {
    static let names = ["k61", "k612"].flatMap { kernel in
        ["cache-order0", "oom", "order9"].map { "\(kernel)-live-\($0)" }
    }

    @Test func `outcomes agree up to the first reclaim and at the end, and the document has these figures`() throws {
        var report = LiveVerificationReport()
        var close: [String: Int] = [:]
        for name in Self.names.sorted() {
            let file = SharedMaterial.root.appendingPathComponent("oracle/recordings/\(name).json.gz")
            let result = try LiveVerifier.verify(Recording.load(file.path))
            #expect(result.agreesUpToReclaim, "\(name): \(result.firstDifference.map(String.init) ?? "none")")
            #expect(result.finalOutcomeAgrees, "\(name)")
            #expect(result.outcomesAgree > 0.8, "\(name)")
            #expect(result.kills.recorded == result.kills.emulated, "\(name)")
            for counter in result.counters where counter.name.hasPrefix("pgalloc") {
                #expect(counter.isClose, "\(name): \(counter)")
            }
            // Of a guest that is reclaimed to its end, all page cache is scanned, and nothing else.
            for counter in result.counters where counter.name == "pgscan_file" && name.contains("cache") {
                #expect(counter.recorded == counter.emulated, "\(name): \(counter)")
            }
            close[String(name.prefix { $0 != "-" }), default: 0] += result.closeCounters
            report.add(result)
        }
        #expect(close["k61", default: 0] >= 39 && close["k612", default: 0] >= 41, "\(close)")
        let document = SharedMaterial.packageRoot.appendingPathComponent("Documentation/Recordings/LiveRecordings.md")
        #expect(
            try String(contentsOf: document, encoding: .utf8).contains(report.markdown),
            "numazones verify --live --markdown prints the tables again")
    }
}
