import Foundation
import GFP
import History
import PageAllocator
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
        #expect(svg.contains("one scale for all zones"))
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
}
