import BuddyEngine
import Foundation
import GFP
import KernelText
import PageAllocator
import SourceText
import TestSupport
import Testing
import Topology

@testable import Report

@Suite struct ReportTests {
    private let small = Topology(
        name: "small",
        nodes: [
            Topology.Node(id: 0, cpus: [0, 1], memory: [0..<65536]),
            Topology.Node(id: 1, cpus: [2], memory: [65536..<131072]),
        ])

    @Test func `a report has every node's own free pages, and they add up`() throws {
        let machine = try Machine(small)
        let report = MachineReport(machine)
        #expect(report.nodes.map(\.managed).reduce(0, +) == report.zones.map(\.managed).reduce(0, +))
        for zone in report.zones {
            let pages = zone.totals.enumerated().reduce(0) { $0 + $1.element << $1.offset }
            #expect(pages == zone.free)
        }
    }

    @Test func `the kernel's texts of a machine can be read again, and say the same`() throws {
        var machine = try Machine(small)
        _ = machine.allocate(AllocationRequest(.GFP_KERNEL, order: 3))
        let report = MachineReport(machine)
        let buddy = try BuddyInfoText(parsing: KernelFileFormat.buddyinfo.text(of: machine), name: "buddyinfo")
        #expect(buddy.rows.map(\.counts) == report.zones.map(\.totals))
        let zones = try ZoneInfoText(parsing: KernelFileFormat.zoneinfo.text(of: machine), name: "zoneinfo")
        let populated = zones.zones.filter { $0.present > 0 }
        #expect(populated.map(\.managed) == report.zones.map(\.managed))
        #expect(populated.map(\.low) == report.zones.map(\.watermarks.low))
        #expect(populated.allSatisfy { $0.pagesets.count == 3 && $0.protection.count == 5 })
        let types = try PageTypeInfoText(parsing: KernelFileFormat.pagetypeinfo.text(of: machine), name: "types")
        var free = 0
        for row in types.sections.flatMap(\.free) {
            for (order, count) in row.counts.enumerated() { free += count.value << order }
        }
        let reported: Int = report.zones.flatMap(\.freeBlocks).reduce(0) { $0 + $1.pages }
        #expect(free == reported)
        let pageblocks: Int = types.sections.flatMap(\.blocks).reduce(0) { $0 + $1.counts.reduce(0, +) }
        #expect(pageblocks == 131072 / 512)
        let numa = try NUMAStatText(parsing: KernelFileFormat.numastat.text(of: machine), name: "numastat")
        #expect(numa.value("numa_hit", node: 0) == 1)
        #expect(numa.value("numa_hit", node: 1) == 0)
    }

    @Test func `a refusal is explained by what was in the way`() throws {
        var machine = try Machine(small)
        let tally = machine.allocateRepeatedly(AllocationRequest(.GFP_KERNEL), count: nil)
        #expect(tally.refused == 1)
        #expect(tally.landings.map(\.requests).reduce(0, +) == tally.served)
        let requests: [(AllocationRequest, Explanation.Refusal)] = [
            (AllocationRequest(.GFP_KERNEL), .belowMarks),
            (AllocationRequest(.GFP_KERNEL, order: 11), .orderTooLarge(maximum: 10)),
            (AllocationRequest(.GFP_KERNEL, nodemask: NodeMask()), .noZoneAllowed),
            (AllocationRequest([.dma, .dma32]), .contradictoryMask),
        ]
        for (request, refusal) in requests {
            let outcome = machine.explain(request).outcome
            #expect(outcome == .refused(refusal))
        }
    }

    @Test func `memory in pieces is told from memory that is short`() throws {
        var machine = try Machine(Topology(nodes: [Topology.Node(id: 0, cpus: [0], memory: [65536..<131072])]))
        // No mark stops this one, so nothing larger is left over.
        let request = AllocationRequest(.GFP_HIGHUSER_MOVABLE.union(.memAlloc))
        var frames: [PageFrame] = []
        while let frame = machine.allocate(request) { frames.append(frame) }
        // Every second page free: plenty, and no two together.
        for frame in frames where frame.rawValue % 2 == 0 { machine.free(frame, order: 0) }
        machine.drainAll()
        let report = AllocationReport(
            machine.make(AllocationRequest(.GFP_HIGHUSER_MOVABLE, order: 4), count: 1, explains: true), on: machine)
        #expect(report.explanation?.outcome == .refused(.fragmented))
        #expect(report.text().contains("what is free is in pieces"))
        #expect(report.meets(.refused))
    }

    @Test func `an explanation shows the figures that were compared, before the block was taken`() throws {
        var machine = try Machine(small)
        let free = machine.withZone(0) { $0.freePagesCounter }
        let explanation = machine.explain(AllocationRequest(.GFP_DMA, order: 2))
        guard case .look(let look)? = explanation.walks.first?.visits.last else {
            Issue.record("no look")
            return
        }
        #expect(look.judgement.free == free)
        #expect(look.judgement.usable == free - 3)
        #expect(look.judgement.verdict == .served)
    }

    @Test func `only rules that differ are listed, each with a text for every profile`() {
        let report = ProfileReport()
        #expect(!report.rules.isEmpty)
        #expect(report.rules.allSatisfy { $0.texts.count == KernelProfile.all.count && Set($0.values).count > 1 })
        #expect(ProfileReport([.v6_12, .v6_12]).rules.isEmpty)
        #expect(ProfileReport([.v6_12], showsAll: true).rules.count == AllocatorRule.all.count)
    }

    @Test func `every rule is said in words that differ from its key`() {
        for rule in ProfileReport(showsAll: true).rules {
            #expect(rule.title != rule.key, "\(rule.key)")
            for (value, text) in zip(rule.values, rule.texts) { #expect(text != "\(value)", "\(rule.key)=\(value)") }
        }
    }

    @Test func `Documentation/Kernels/Profiles.md is what the program prints`() throws {
        let page = SharedMaterial.packageRoot.appendingPathComponent("Documentation/Kernels/Profiles.md")
        #expect(try String(contentsOf: page, encoding: .utf8) == ProfileReport.markdown)
    }

    @Test(arguments: KernelProfile.all)
    func `a profile written to a file is read back as the same`(profile: KernelProfile) throws {
        let choice = try KernelChoice(JSONDocument(text: profile.document.text(), name: "profile"))
        #expect(try KernelProfile(nearest: choice.version).changed(by: choice.changes) == profile)
    }

    @Test func `a profile's file that is none is refused with the place`() throws {
        func problem(_ text: String) throws -> String {
            let document = try JSONDocument(text: text, name: "FILE")
            do throws(SourceProblems) {
                _ = try KernelChoice(document)
                return "no error"
            } catch { return "\(error)" }
        }
        #expect(try problem("[]").hasPrefix("FILE:1:1: error: a profile is an object"))
        #expect(try problem("{\"kernl\": \"6.1\"}").contains("did you mean \"kernel\"?"))
        #expect(try problem("{\"kernel\": \"six\"}").contains("not a kernel version"))
        #expect(try problem("{\"kernel\": \"6.1\", \"rules\": {\"sizing\": []}}").contains("a rule is a word"))
    }

    @Test func `a mask's report names its flags with the kernel's numbers`() throws {
        let report = try GFPReport("GFP_ATOMIC", kernel: KernelVersion(6, 1), architecture: .amd64)
        #expect(report.value == 0xA20)
        #expect(report.flags.map(\.value).reduce(0, |) == report.value)
        #expect(throws: GFPReport.Problem.self) {
            try GFPReport("__GFP_DMA|__GFP_DMA32", kernel: KernelVersion(6, 1), architecture: .amd64)
        }
    }
}
