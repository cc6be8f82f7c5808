import BuddyEngine
import GFP
import PageAllocator
import Testing
import Topology

@testable import Report

/// What `run --watch` draws: as wide and as high as the terminal, whatever the machine.
@Suite struct WatchFrameTests {
    private func machine(nodes: Int) throws -> Machine {
        let nodes = (0..<nodes).map { number -> Topology.Node in
            let first = number * 65536
            return Topology.Node(
                id: NodeID(number), cpus: [CPUID(rawValue: UInt32(number))],
                memory: [PageFrame(first)..<PageFrame(first + 65536)])
        }
        return try Machine(Topology(nodes: nodes))
    }

    @Test func `free memory is drawn against the marks, which are named by letters`() throws {
        var machine = try machine(nodes: 1)
        while machine.withZone(0, { $0.buddy.freePages > $0.watermark(.low) }) {
            guard machine.allocate(AllocationRequest(.GFP_KERNEL, order: 3)) != nil else { break }
        }
        let lines = WatchFrame(machine, heading: "Step 1 of 1").lines(width: 100, height: 24)
        #expect(lines[0] == "Step 1 of 1")
        let bar = try #require(lines.first { $0.contains("[") })
        for sign in ["#", "m", "l", "h", "."] { #expect(bar.contains(sign), "\(bar)") }
        #expect(bar.contains("kswapd awake"))
        #expect(lines.contains { $0.contains("free blocks from order 0 on:") })
        #expect(lines.contains { $0.hasPrefix("# free; m, l, h:") }, "the signs are explained")
    }

    @Test func `a bar without marks is to all of the zone, and falls with what is free`() throws {
        var topology = Topology(
            architecture: .other, nodes: [Topology.Node(id: 0, cpus: [0], memory: [0..<256])], maximumOrder: 8,
            pageblockOrder: 8)
        topology.sysctls.minFreeKbytes = 0
        var machine = try Machine(topology)
        #expect(machine.allocate(AllocationRequest(.GFP_KERNEL, order: 7)) != nil)
        let lines = WatchFrame(machine, heading: "Step 1 of 1").lines(width: 100, height: 24)
        let bar = try #require(lines.first { $0.contains("[") })
        let signs = bar.drop { $0 != "[" }.prefix { $0 != "]" }
        #expect(abs(signs.count(where: { $0 == "#" }) - signs.count(where: { $0 == "." })) <= 1, "\(bar)")
    }

    @Test func `a long sentence goes on in the next line, and says where its end is left out`() throws {
        var frame = WatchFrame(try machine(nodes: 1), heading: String(repeating: "many words ", count: 12))
        frame.news = [String(repeating: "and more ", count: 40)]
        let lines = frame.lines(width: 79, height: 24)
        #expect(lines[0].hasSuffix("words") || lines[0].hasSuffix("many"))
        #expect(lines[1].hasPrefix("  ") && lines[1].contains("many words"))
        #expect(lines.last?.hasSuffix(" …") == true)
        #expect(lines.allSatisfy { $0.count <= 79 })
    }

    @Test(arguments: [(40, 5), (80, 24), (200, 60)])
    func `lines fit the terminal, and zones that do not are counted`(_ width: Int, _ height: Int) throws {
        let machine = try machine(nodes: 32)
        var frame = WatchFrame(machine, heading: "\u{1B}[31m" + String(repeating: "x", count: 300))
        frame.news = ["event"]
        let lines = frame.lines(width: width, height: height)
        #expect(lines.count <= height)
        #expect(lines.allSatisfy { $0.count <= width && !$0.unicodeScalars.contains("\u{1B}") })
        if height < 30 { #expect(lines.contains { $0.contains("more zone") }) }
    }
}
