import Foundation
import TestSupport
import Testing

/// The tables of Documentation/Kernels/PolicyLab.md are what its policies come to. To regenerate them, those of the traces as well, run
/// with `NUMAZONES_RECORD_SNAPSHOTS=1` where `../shared` is.
@Suite struct PolicyLabTests {
    private static let page = SharedMaterial.packageRoot.appendingPathComponent("Documentation/Kernels/PolicyLab.md")
    private static let records = ProcessInfo.processInfo.environment["NUMAZONES_RECORD_SNAPSHOTS"] == "1"
    private static let hasTraces = SharedMaterial.has("oracle/traces/k612-4n-mixed")

    /// Compares the table that is under a name, or puts the new one there.
    private func check(_ name: String, _ table: String) throws {
        let page = try String(contentsOf: Self.page, encoding: .utf8)
        let (begin, end) = ("<!-- \(name) -->\n", "<!-- end -->\n")
        let start = try #require(page.range(of: begin)?.upperBound, "no table is called \(name)")
        let stop = try #require(page.range(of: end, range: start..<page.endIndex)?.lowerBound)
        guard Self.records else {
            #expect(page[start..<stop] == table)
            return
        }
        try page.replacingCharacters(in: start..<stop, with: table).write(
            to: Self.page, atomically: true, encoding: .utf8)
    }

    @Test func `the tables are what the lab measures`() throws {
        try check("bursts", try PolicyLabTables.burstTable())
        try check("defrag", try PolicyLabTables.defragTable())
        // Half a million requests, too many for a debug build to make each time.
        if Self.records, Self.hasTraces { try check("traces", try PolicyLabTables.traceTable()) }
    }

    @Test func `slab's requests fail by one rule and pass by the other`() throws {
        let table = try PolicyLabTables.defragTable()
        let rows = table.split(separator: "\n").suffix(2)
        #expect(rows.first?.contains("rescuesInDefragMode=false") == true && rows.first?.hasSuffix("| fails |") == true)
        #expect(rows.last?.contains("| 1000 | 0 |") == true && rows.last?.hasSuffix("| passes |") == true)
    }
}
