import Experiments
import Foundation
import PageAllocator
import SourceText
import TestSupport
import Testing
import Topology

@Suite struct SweepTests {
    /// A folder with a plan of 3 x 2 x 2 cells, one of which cannot be played.
    private final class Place {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sweep-\(UUID().uuidString)").path

        init(_ plan: String = SweepTests.plan) throws {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try plan.write(toFile: "\(folder)/plan.json5", atomically: true, encoding: .utf8)
            try SweepTests.scenario.write(toFile: "\(folder)/load.json5", atomically: true, encoding: .utf8)
            for (name, size) in [("a", "64MiB"), ("b", "128MiB")] {
                try "{ nodes: [{ memory: \"\(size)\", cpus: \"0-1\" }] }".write(
                    toFile: "\(folder)/\(name).json", atomically: true, encoding: .utf8)
            }
            try "{ nodes: [] }".write(toFile: "\(folder)/none.json", atomically: true, encoding: .utf8)
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func sweep(_ out: String) throws -> Sweep {
            let sweep = try Sweep(try .load("\(folder)/plan.json5"), folder: "\(folder)/\(out)", version: "test")
            try sweep.makeFolder()
            return sweep
        }

        func bytes(_ out: String) throws -> [String: Data] {
            let cells = "\(folder)/\(out)/cells"
            return try FileManager.default.contentsOfDirectory(atPath: cells).reduce(into: [:]) {
                $0[$1] = try Data(contentsOf: URL(fileURLWithPath: "\(cells)/\($1)"))
            }
        }
    }

    static let plan = """
        { name: "small", axes: { source: ["a.json", "b.json", "none.json"], "vm.min_free_kbytes": [512, 2048],
          scenario: "load.json5", seed: "1-2" } }
        """

    static let scenario = """
        { topology: "a.json", steps: [
          { mix: [{ gfp: "GFP_KERNEL", weight: 3 }, { gfp: "GFP_ATOMIC", weight: 1, order: 2 }], count: 3000, name: "x" } ] }
        """

    private static let machines = MachineShelf { name in
        Snapshot(topology: try Topology(json: JSONDocument.load(name)), zones: [])
    }

    private func play(_ sweep: Sweep, _ workers: Int, stopAfter most: Int = .max) throws {
        let crew = SweepCrew(sweep, cells: Array(sweep.missing().prefix(most)), machines: Self.machines)
        _ = try crew.work(workers) { _ in true }
    }

    @Test func `however it is played and interrupted, the bytes are the same`() throws {
        let place = try Place()
        let (whole, broken) = (try place.sweep("whole"), try place.sweep("broken"))
        try play(whole, 1)
        for most in [1, 4, 3] { try play(broken, 2, stopAfter: most) }
        // As a file system may leave it that does not keep what was promised.
        try "{".write(toFile: broken.path(ofCell: 1), atomically: true, encoding: .utf8)
        #expect(broken.missing().contains(1))
        try play(broken, 3)
        let bytes = try place.bytes("whole")
        #expect(bytes.count == 12)
        #expect(try place.bytes("broken") == bytes)
    }

    @Test func `a cell that cannot be played is told, tried again, and stops no other`() throws {
        let place = try Place()
        let sweep = try place.sweep("out")
        try play(sweep, 2)
        let table = SweepTable(sweep)
        #expect(table.isWhole && table.records.count == 12)
        #expect(table.failed.map(\.record.number) == [8, 9, 10, 11])
        #expect(table.failed.allSatisfy { !$0.why.isEmpty && !$0.why.contains(place.folder) })
        #expect(sweep.missing() == [8, 9, 10, 11])
    }

    @Test func `another input, setting or program asks for another result`() throws {
        let place = try Place()
        try play(try place.sweep("out"), 2)
        try Self.plan.replacing("2048", with: "4096").write(
            toFile: "\(place.folder)/plan.json5", atomically: true, encoding: .utf8)
        #expect(try place.sweep("out").missing().filter { $0 < 8 } == [2, 3, 6, 7])
        try "{ nodes: [{ memory: \"96MiB\" }] }".write(
            toFile: "\(place.folder)/b.json", atomically: true, encoding: .utf8)
        #expect(try place.sweep("out").missing().filter { $0 < 8 } == [2, 3, 4, 5, 6, 7])
        let other = try Sweep(
            try .load("\(place.folder)/plan.json5"), folder: "\(place.folder)/out", version: "next")
        #expect(other.missing().count == 12)
    }

    @Test func `shares are all cells, each once`() throws {
        let sweep = try Place().sweep("out")
        let shares = (0..<5).flatMap { sweep.missing(WorkShare(worker: $0, of: 5)) }
        #expect(shares.sorted() == Array(0..<12))
    }

    @Test func `a series has every value of its axis, and spreads over seeds`() throws {
        let place = try Place()
        let sweep = try place.sweep("out")
        try play(sweep, 2)
        let series = SweepSeries(.free, along: 1, of: SweepTable(sweep))
        #expect(series.spreadAxes.map(\.name) == ["seed"])
        #expect(series.lines.map(\.labels) == [["a.json"], ["b.json"]])
        #expect(series.lines.allSatisfy { $0.points.count == 2 && $0.points.allSatisfy { $0?.count == 2 } })
    }

    @Test(arguments: [
        ("{}", "\"axes\" is missing"), ("{ axes: { kernel: [\"6.1\"] } }", "nothing to play"),
        ("{ axes: { scenario: \"x\", kernel: [\"6.1\", \"6.1\"] } }", "appears twice"),
        ("{ axes: { scenario: \"x\", \"vm.min_free_kbyte\": [1] } }", "did you mean \"vm.min_free_kbytes\"?"),
        ("{ axes: { scenario: \"x\", served: [1] } }", "another column"),
        (
            "{ axes: { scenario: \"x\", seed: \"1-400\", \"vm.swappiness\": \(Array(1...200)), source: [\"a\", \"b\"] } }",
            "cells"
        ),
        ("{ axes: { scenario: \"x\" }, measures: [\"servd\"] }", "did you mean \"served\"?"),
        ("{ axes: { scenario: \"x\", source: \"-\" } }", "standard input"),
        ("{ axes: { scenario: \"x\", reserve: [{ \"vm.swappiness\": 1 }] } }", "needs a \"name\""),
        ("{ axes: { scenario: \"x\" }, age: { occupancy: 2 } }", "share from 0 to 1"),
    ])
    func `what is wrong with a plan is said`(_ text: String, _ words: String) throws {
        let place = try Place(text)
        do {
            _ = try SweepPlan.load("\(place.folder)/plan.json5")
            Issue.record("taken: \(text)")
        } catch { #expect("\(error)".contains(words), "\(error)") }
    }
}
