import Experiments
import Foundation
import MachineSources
import Testing

/// The machine that the tests run on, from one reading of its files: a busy machine has other figures a moment later.
@Suite(
    .enabled(
        if: ["buddyinfo", "zoneinfo"].allSatisfy { FileManager.default.isReadableFile(atPath: "/proc/\($0)") }))
struct HostHeadroomTests {
    @Test func `free pages are those of /proc`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("host-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let proc = folder.appendingPathComponent("proc")
        try FileManager.default.createDirectory(at: proc, withIntermediateDirectories: true)
        var texts: [String: String] = [:]
        for name in ["zoneinfo", "buddyinfo", "pagetypeinfo", "meminfo", "version", "cmdline"] {
            guard let data = FileManager.default.contents(atPath: "/proc/\(name)") else { continue }
            texts[name] = String(decoding: data, as: UTF8.self)
            try data.write(to: proc.appendingPathComponent(name))
        }
        var expected = listed(texts["buddyinfo"] ?? "")
        for (zone, pages) in perCPU(texts["zoneinfo"] ?? "") { expected[zone, default: 0] += pages }
        let snapshot = try MachineSource.tree(folder.path).load().snapshot
        // No kinds of requests: making them on a large machine takes a while, and the free pages do not depend on it.
        let headroom = try Headroom(of: snapshot, kinds: [], conditions: [.now])
        for (zone, pages) in headroom.free {
            #expect(pages == expected["\(zone.node) \(zone.kind.kernelName)"] ?? 0, "\(zone)")
        }
        #expect(headroom.free.reduce(0) { $0 + $1.pages } == expected.values.reduce(0, +))
    }

    /// Free pages on the lists, by node and zone, as `Node 0, zone DMA 1 0 2 ...` has them.
    private func listed(_ buddyinfo: String) -> [String: Int] {
        var pages: [String: Int] = [:]
        for line in buddyinfo.split(separator: "\n") {
            let fields = line.split { $0 == " " || $0 == "," }
            guard fields.count > 4 else { continue }
            let counts = fields[4...].enumerated().map { (Int($1) ?? 0) << $0 }
            pages["\(fields[1]) \(fields[3])"] = counts.reduce(0, +)
        }
        return pages
    }

    /// Pages on CPUs' lists: the sum of a zone's `count:`.
    private func perCPU(_ zoneinfo: String) -> [String: Int] {
        var pages: [String: Int] = [:]
        var zone = ""
        for line in zoneinfo.split(separator: "\n") {
            let fields = line.split { $0 == " " || $0 == "," }
            if fields.count == 4, fields[0] == "Node" { zone = "\(fields[1]) \(fields[3])" }
            if fields.count == 2, fields[0] == "count:" { pages[zone, default: 0] += Int(fields[1]) ?? 0 }
        }
        return pages
    }
}
