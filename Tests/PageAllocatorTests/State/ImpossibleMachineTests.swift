import BuddyEngine
import GFP
import Testing
import Topology

@testable import PageAllocator

/// Descriptions for which there can be no machine: an error with its place, never a trap.
@Suite struct ImpossibleMachineTests {
    static let memory = PageFrame(0)..<PageFrame(16384)

    static func topology(_ change: (inout Topology) -> Void) -> Topology {
        var topology = Topology(nodes: [
            .init(id: 0, cpus: [0], memory: [0..<8192]), .init(id: 1, cpus: [1], memory: [8192..<16384]),
        ])
        change(&topology)
        return topology
    }

    /// What is wrong, and the path in the error.
    static let descriptions: [(path: String, topology: Topology)] = [
        ("nodes[1].id", topology { $0.nodes[1].id = 0 }),
        ("nodes[1].id", topology { $0.nodes[1].id = 1024 }),
        ("nodes[1].cpus", topology { $0.nodes[1].cpus = [0] }),
        ("nodes[1].cpus", topology { $0.nodes[1].cpus = [CPUID(rawValue: .max)] }),
        ("nodes[1].memory[0]", topology { $0.nodes[1].memory = [100..<16384] }),
        (
            "nodes[0].memory[0]",
            topology { $0.nodes[0].memory = [PageFrame(UInt64.max - 100_000)..<PageFrame(UInt64.max)] }
        ),
        ("pageSize", topology { $0.pageSize = 0 }),
        ("pageSize", topology { $0.pageSize = -4096 }),
        ("pageSize", topology { $0.pageSize = .max }),
        ("maximumOrder", topology { $0.maximumOrder = 16 }),
        ("maximumOrder", topology { $0.maximumOrder = 255 }),
        ("maximumOrder", topology { $0.maximumOrder = 0 }),
        ("pageblockOrder", topology { $0.pageblockOrder = 0 }),
        ("nodes", topology { $0.nodes = [] }),
        ("nodes", topology { for node in $0.nodes.indices { $0.nodes[node].cpus = [] } }),
        ("nodes", topology { for node in $0.nodes.indices { $0.nodes[node].memory = [] } }),
    ]

    @Test(arguments: descriptions.indices)
    func `a description that contradicts itself is refused where it does`(index: Int) {
        let (path, topology) = Self.descriptions[index]
        #expect {
            _ = try Machine(topology)
        } throws: { error in
            guard case .impossible(let problem) = error as? MachineError else { return false }
            return problem.path.description == path && "\(error)" == "\(path): \(problem.message)"
        }
    }

    @Test func `more free blocks without places than a machine holds are refused before one is placed`() throws {
        let topology = Topology(
            architecture: .other, nodes: [.init(id: 0, cpus: [0], memory: [PageFrame(0)..<PageFrame(1 << 28)])])
        var snapshot = try Machine(topology).snapshot()
        snapshot.zones[0].exact = nil
        // A few bytes of a report: half of a TiB in single pages.
        snapshot.zones[0].free = .counts([FreeCount(total: 1 << 27)])
        let error = #expect(throws: MachineError.self) { _ = try Machine.restoring(snapshot) }
        #expect(error == .tooManyBlocks(1 << 27, limit: Machine.placedBlockLimit))
        // Those of the largest order lie side by side and cost nothing.
        snapshot.zones[0].free = .counts(
            (0...10).map { FreeCount(total: $0 == 10 ? 1 << 17 : 0) })
        #expect(try Machine.restoring(snapshot).freePages == 1 << 27)
    }

    @Test func `numbers that cannot be added up are refused as well`() throws {
        var snapshot = try Machine(Self.topology { _ in }).snapshot()
        for zone in snapshot.zones.indices {
            snapshot.zones[zone].exact = nil
            snapshot.zones[zone].free = .counts([FreeCount(total: .max), FreeCount(total: .max)])
        }
        let error = #expect(throws: MachineError.self) { _ = try Machine.restoring(snapshot) }
        #expect(error == .tooManyBlocks(.max, limit: Machine.placedBlockLimit))
    }

    static let sysctls: [(name: String, change: @Sendable (inout Sysctls) -> Void)] = [
        ("min_free_kbytes", { $0.minFreeKbytes = .max }), ("min_free_kbytes", { $0.minFreeKbytes = -5 }),
        ("min_free_kbytes", { $0.minFreeKbytes = .min }),
        ("watermark_scale_factor", { $0.watermarkScaleFactor = .max }),
        ("watermark_scale_factor", { $0.watermarkScaleFactor = -7 }),
        ("watermark_boost_factor", { $0.watermarkBoostFactor = .max }),
        ("watermark_boost_factor", { $0.watermarkBoostFactor = -1 }),
        ("percpu_pagelist_high_fraction", { $0.percpuPagelistHighFraction = .max }),
        ("percpu_pagelist_high_fraction", { $0.percpuPagelistHighFraction = 7 }),
        ("lowmem_reserve_ratio", { $0.lowmemReserveRatio[.dma] = .max }),
        ("lowmem_reserve_ratio", { $0.lowmemReserveRatio[.dma] = -1 }),
        ("zone_reclaim_mode", { $0.zoneReclaimMode = .max }), ("swappiness", { $0.swappiness = 201 }),
        ("extfrag_threshold", { $0.extfragThreshold = 1001 }), ("panic_on_oom", { $0.panicOnOOM = 3 }),
        ("compaction_proactiveness", { $0.compactionProactiveness = 101 }),
    ]

    @Test(arguments: sysctls.indices)
    func `a sysctl that the kernel would not take is refused, before and after boot, and changes nothing`(
        index: Int
    ) throws {
        let (name, change) = Self.sysctls[index]
        let bad = Self.topology { change(&$0.sysctls) }
        #expect { _ = try Machine(bad) } throws: { "\($0)".hasPrefix("sysctls.\(name): ") }
        var machine = try Machine(Self.topology { _ in })
        let before = machine.snapshot()
        var refusal = "taken"
        do { try machine.set(bad.sysctls) } catch { refusal = error.description }
        #expect(refusal.hasPrefix("sysctls.\(name): "))
        #expect(machine.snapshot() == before)
    }

    @Test func `the largest settings that the kernel takes overflow nothing`() throws {
        var machine = try Machine(Self.topology { _ in })
        var sysctls = machine.topology.sysctls
        sysctls.watermarkBoostFactor = Int(Int32.max)
        sysctls.watermarkScaleFactor = 3000
        sysctls.percpuPagelistHighFraction = Int(Int32.max)
        sysctls.lowmemReserveRatio[.dma] = Int(Int32.max)
        sysctls.minFreeKbytes = 60_000
        try machine.set(sysctls)
        while machine.allocate(AllocationRequest(.GFP_KERNEL)) != nil {}
        while machine.allocate(AllocationRequest(.GFP_HIGHUSER_MOVABLE)) != nil {}
        try machine.checkInvariants()
    }

    @Test func `a snapshot whose zones overlap, leave their span or end nowhere is refused`() throws {
        var machine = try Machine(
            Topology(
                architecture: .other,
                nodes: [
                    .init(id: 0, cpus: [0], memory: [0..<8192]), .init(id: 1, cpus: [1], memory: [8192..<16384]),
                ]))
        _ = machine.allocate(AllocationRequest(.GFP_KERNEL))
        let good = machine.snapshot()
        func refusal(_ change: (inout Snapshot) -> Void) -> String {
            var snapshot = good
            change(&snapshot)
            do {
                _ = try Machine.restoring(snapshot)
                return "restored"
            } catch {
                return error.description
            }
        }
        #expect(refusal { _ in } == "restored")
        #expect(
            refusal {
                $0.zones[1].span.start = 4096
                $0.zones[1].span.spanned = 12288
                $0.zones[1].span.managedRanges = [4096..<16384]
            } == "page frame 4096 is in zone Normal of node 0 and in zone Normal of node 1: ranges of zones may not "
                + "overlap")
        #expect(
            refusal { $0.zones[0].span.managedRanges = [0..<9000] }
                == "node 0 zone Normal: page frames 0 to 8999 are not in its span")
        #expect(refusal { $0.zones[0].span.start = PageFrame(rawValue: .max - 5) }.contains("page frames end at"))
        #expect(refusal { $0.zones[0].span.spanned = .max }.contains("page frames end at"))
        #expect(
            refusal { $0.topology.nodes[1].id = 0 }
                == "nodes[1].id: node 0 is described twice; each node has its own id")
    }
}
