import BuddyEngine
import Foundation
import GFP
import History
import PageAllocator
import Scenarios
import SourceText
import Testing
import Topology

@testable import Report

/// Pictures for text: whole SVG documents that say in words what they draw.
@Suite struct PictureTests {
    private static let hostile = "<script>alert(1)</script>]]>\u{202E}\"'"

    private func topology() -> Topology {
        var topology = Topology(nodes: [
            Topology.Node(id: 0, cpus: [0], memory: [0..<65536]),
            Topology.Node(id: 1, cpus: [], memory: [65536..<131072]),
        ])
        topology.name = Self.hostile
        return topology
    }

    private func check(_ svg: String) {
        #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\"") && svg.hasSuffix("</svg>\n"))
        #expect(!svg.contains("<script") && !svg.contains("\u{202E}"))
        #expect(svg.contains("<title id=\"title\">") && svg.contains("<desc id=\"desc\">"))
        #expect(!svg.contains("href"))
    }

    @Test func `a machine is drawn with its zones, marks and distances, and said in words`() throws {
        let svg = MachinePicture(MachineReport(try Machine(topology()))).svg
        check(svg)
        #expect(svg.contains("one scale for all rows"))
        for word in ["node 1", "min", "low", "high", "Distances"] { #expect(svg.contains(word), "\(word)") }
    }

    @Test func `a timeline begins and ends with what was free`() throws {
        var machine = try Machine(topology())
        let recorder = HistoryRecorder(machine)
        machine.listener = recorder
        let before = machine.freePages
        for _ in 0..<20 { _ = machine.allocate(AllocationRequest(.GFP_KERNEL, order: 5)) }
        let svg = TimelinePicture(recorder.history, title: Self.hostile).svg
        check(svg)
        #expect(svg.contains("after each of 20 events"))
        let taken = before - machine.freePages
        #expect(taken == 20 * 32)
        #expect(svg.contains("polyline"))
    }

    @Test func `colours follow the reader's scheme, and each has a light shade of its own in the picture`() throws {
        let svg = MachinePicture(MachineReport(try Machine(topology()))).svg
        #expect(svg.contains("@media screen and (prefers-color-scheme: dark)"))
        for colour in PictureColour.allCases {
            #expect(svg.contains(".f-\(colour.rawValue) { fill: \(colour.dark); }"))
            #expect(colour.light != colour.dark)
        }
        #expect(svg.contains("fill=\"\(PictureColour.ink.light)\""))
    }

    @Test func `zones that look the same are one row`() throws {
        let nodes = (0..<16).map { number -> Topology.Node in
            let first = (number + 16) * 262_144
            return Topology.Node(
                id: NodeID(number), cpus: [CPUID(rawValue: UInt32(number))],
                memory: [PageFrame(first)..<PageFrame(first + 262_144)])
        }
        let svg = MachinePicture(MachineReport(try Machine(Topology(nodes: nodes)))).svg
        #expect(svg.contains("nodes 0-15 Normal") || svg.contains("nodes 1-15 Normal"))
        #expect(svg.contains(", each of 1"))
    }

    @Test func `names of marks that lie close together are not on one another`() {
        #expect(Picture.spread([100, 99, 98], by: 13) == [100, 87, 74])
        #expect(Picture.spread([10, 50, 90], by: 13) == [10, 50, 90])
        #expect(Picture.spread([90, 50, 49], by: 13) == [90, 50, 37])
        #expect(Picture.spread([22, 25, 28], by: 30, from: 20) == [20, 50, 80], "none is before the picture's edge")
        #expect(Picture.spread([22, 60, 120], by: 30, from: 20) == [22, 60, 120])
    }

    @Test func `a walk is drawn with each zone's free memory against what it needs, and said in words`() throws {
        var machine = try Machine(topology())
        let request = AllocationRequest(.GFP_KERNEL, order: 3)
        let series = machine.make(request, count: 1, explains: true)
        let report = AllocationReport(series, on: machine)
        let svg = try #require(WalkPicture(report)).svg
        check(svg)
        for word in ["Walk 1", "serves", "needed: mark", "Served: page frame"] {
            #expect(svg.contains(word), "\(word)")
        }
    }

    @Test func `a refused request's picture says what each zone lacks`() throws {
        var machine = try Machine(topology())
        let request = AllocationRequest(.GFP_KERNEL, order: 10)
        let series = machine.make(request, count: nil, explains: true)
        let svg = try #require(WalkPicture(AllocationReport(series, on: machine))).svg
        check(svg)
        #expect(svg.contains("Refused: ") && svg.contains("kswapd of node"))
    }

    private func scenario(_ sysctl: Int) throws -> ScenarioResult {
        let text = """
            { name: "two runs", topology: { nodes: [{ cpus: "0", memory: "64MiB" }],
              sysctls: { "vm.min_free_kbytes": \(sysctl) } },
              steps: [{ alloc: "GFP_KERNEL", order: 4, until: "failure", name: "a" }, { free: "a" }] }
            """
        let (scenario, problems) = Scenario.check(try JSONDocument(text: text, name: "test"))
        #expect(problems.isEmpty, "\(problems)")
        var keeping = ScenarioKeeping()
        keeping.history = true
        return try #require(scenario).run(keeping: keeping)
    }

    @Test func `a comparison has both runs on the same axes, and their figures`() throws {
        let comparison = ScenarioComparison(
            .init(name: Self.hostile, result: try scenario(1024)), .init(name: "more kept", result: try scenario(8192)))
        let svg = try #require(ComparisonPicture(comparison)).svg
        check(svg)
        let figures = comparison.figures
        #expect(figures.contains { $0.difference != 0 })
        for figure in figures { #expect(svg.contains("\(figure.name): \(figure.first) in A, \(figure.second) in B")) }
        #expect(svg.ranges(of: "<polyline").count >= 5, "two curves and three marks")
        #expect(svg.contains("×: a request was refused"))
    }

    @Test func `curves of a long run begin with its first event, in stretches`() throws {
        var machine = try Machine(Topology(nodes: [Topology.Node(id: 0, cpus: [0], memory: [0..<65536])]))
        let recorder = HistoryRecorder(machine, limit: 64)
        machine.listener = recorder
        var held: [PageFrame] = []
        for round in 0..<1000 {
            if round % 3 == 2, let frame = held.popLast() {
                machine.free(frame, order: 4)
            } else if let frame = machine.allocate(AllocationRequest(.GFP_KERNEL, order: 4)) {
                held.append(frame)
            }
        }
        let history = recorder.history
        let curves = HistoryCurves(history)
        let free = (0..<machine.zoneCount).map { machine.withZone($0) { $0.buddy.freePages } }
        for (curve, now) in zip(curves.curves, free) {
            #expect(curve.points.last?.least == now)
            #expect(curve.points.map(\.number) == curve.points.map(\.number).sorted())
            #expect(curve.points.first?.number ?? .max <= 16)
        }
        #expect(TimelinePicture(history, title: "long").svg.contains("Of the first \(history.leftOut) events"))
    }
}
