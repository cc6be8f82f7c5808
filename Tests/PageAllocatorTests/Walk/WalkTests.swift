import BuddyEngine
import Foundation
import GFP
import TestSupport
import Testing
import Topology

@testable import PageAllocator

/// Where requests land and where they stop.
@Suite struct WalkTests {
    static func mib(_ range: Range<Int>) -> Range<PageFrame> {
        PageFrame(range.lowerBound << 8)..<PageFrame(range.upperBound << 8)
    }

    /// Two nodes: DMA32 and Normal on the first, Normal on the second.
    static func topology(_ kernel: KernelVersion = KernelVersion(6, 12)) -> Topology {
        Topology(
            kernel: kernel,
            nodes: [
                .init(id: 0, cpus: [0], memory: [mib(1024..<1152), mib(4096..<4224)]),
                .init(id: 1, cpus: [1], memory: [mib(4224..<4352)]),
            ],
            sysctls: Sysctls(minFreeKbytes: 8192, watermarkBoostFactor: 0))
    }

    static let kernels = [KernelVersion(6, 1), KernelVersion(6, 12)]

    /// Requests single pages until one is refused; the zones that served, in order.
    private func exhaust(_ machine: inout Machine, _ request: AllocationRequest) -> [ZoneReference] {
        var zones: [ZoneReference] = []
        while let frame = machine.allocate(request) {
            if let zone = machine.zone(of: frame), !zones.contains(zone) { zones.append(zone) }
        }
        return zones
    }

    private func zone(_ machine: borrowing Machine, _ node: NodeID, _ kind: ZoneKind) throws -> Int {
        let position = machine.position(of: ZoneReference(node: node, kind: kind))
        return try #require(position)
    }

    @Test(arguments: kernels)
    func `ordinary requests stop at min, GFP_ATOMIC at three eighths, __GFP_MEMALLOC at nothing`(
        kernel: KernelVersion
    ) throws {
        var machine = try Machine(Self.topology(kernel))
        // Of order 4: these do not pass through per-CPU lists, which would take a refill more.
        _ = exhaust(&machine, AllocationRequest([.GFP_KERNEL, .thisNode], order: 4, cpu: 1))
        let position = try zone(machine, 1, .normal)
        let min = machine.withZone(position) { $0.watermark(.min) }
        // The counter learns late, and 15 pages of the block must stay.
        let slack = 15 + machine.withZone(position) { $0.buddy.counters.threshold }
        var free = machine.withZone(position) { $0.freePagesCounter }
        #expect(abs(free - min) <= slack)
        #expect(machine.allocate(AllocationRequest([.kswapdReclaim, .thisNode], order: 4, cpu: 1)) == nil)
        let atomic: GFPFlags = kernel == KernelVersion(6, 1) ? [.GFP_ATOMIC, .atomic] : .GFP_ATOMIC
        _ = exhaust(&machine, AllocationRequest(atomic.union(.thisNode), order: 4, cpu: 1))
        free = machine.withZone(position) { $0.freePagesCounter }
        let half = min - min / 2
        #expect(abs(free - (half - half / 4)) <= slack)
        _ = exhaust(&machine, AllocationRequest([.GFP_KERNEL, .memAlloc, .thisNode], cpu: 1))
        // Highatomic pages are not even for those.
        #expect(machine.withZone(position) { $0.buddy.freePages - $0.buddy.freePages(type: .highAtomic) } == 0)
        try machine.checkInvariants()
    }

    @Test(arguments: kernels)
    func `the walk goes node by node, from the highest zone down`(kernel: KernelVersion) throws {
        var machine = try Machine(Self.topology(kernel))
        let normal = ZoneReference(node: 0, kind: .normal)
        let low = ZoneReference(node: 0, kind: .dma32)
        let far = ZoneReference(node: 1, kind: .normal)
        #expect(machine.zonelist(of: 1) == [far, normal, low])
        #expect(machine.zonelist(of: 1, onlyOwn: true) == [far])
        #expect(exhaust(&machine, AllocationRequest(.GFP_KERNEL, order: 4, cpu: 1)) == [far, normal, low])
    }

    @Test(arguments: kernels)
    func `a nodemask binds ordinary requests and is dropped for GFP_ATOMIC; __GFP_THISNODE binds all`(
        kernel: KernelVersion
    ) throws {
        let atomic: GFPFlags = kernel == KernelVersion(6, 1) ? [.GFP_ATOMIC, .atomic] : .GFP_ATOMIC
        var machine = try Machine(Self.topology(kernel))
        let mask = NodeMask([1])
        let far = ZoneReference(node: 1, kind: .normal)
        #expect(exhaust(&machine, AllocationRequest(.GFP_KERNEL, cpu: 0, nodemask: mask)) == [far])
        let zones = exhaust(&machine, AllocationRequest(atomic, cpu: 0, nodemask: mask))
        #expect(zones.contains(ZoneReference(node: 0, kind: .normal)))

        var other = try Machine(Self.topology(kernel))
        _ = exhaust(&other, AllocationRequest([.GFP_KERNEL, .thisNode], cpu: 1))
        #expect(exhaust(&other, AllocationRequest(atomic.union(.thisNode), cpu: 1)) == [far])
        #expect(other.allocate(AllocationRequest(.GFP_KERNEL, cpu: 1, nodemask: NodeMask())) == nil)
    }

    @Test func `lowmem reserve keeps part of a zone from requests that could go higher`() throws {
        var topology = Self.topology()
        topology.sysctls.lowmemReserveRatio[.dma32] = 2
        var machine = try Machine(topology)
        let low = try zone(machine, 0, .dma32)
        let normal = try zone(machine, 0, .normal)
        let managed = machine.withZone(normal) { $0.managed }
        let index = machine.withZone(normal) { $0.index }
        #expect(machine.withZone(low) { $0.lowmemReserve(against: index) } == managed / 2)
        _ = exhaust(&machine, AllocationRequest(.GFP_KERNEL, order: 4, cpu: 0))
        let free = machine.withZone(low) { $0.freePagesCounter }
        #expect(free > managed / 2 && free < managed / 2 + 2048)
        #expect(machine.allocate(AllocationRequest([.GFP_KERNEL, .dma32], order: 4, cpu: 0)) != nil)
    }

    @Test func `the first walk avoids fragmentation, tries the node's DMA32, then gives that up and starts over`()
        throws
    {
        struct Restarts: SilentObserver {
            var flags: [AllocFlags] = []
            var restarts = 0
            static var wantsLooks: Bool { false }
            mutating func beganWalk(_ flags: AllocFlags) { self.flags.append(flags) }
            mutating func restartedWalk(_ flags: AllocFlags) { restarts += 1 }
        }
        var machine = try Machine(Self.topology())
        // Each pageblock of node 0 keeps a movable page, so that unmovable requests must fragment.
        var held: [PageFrame] = []
        let all = AllocationRequest([.GFP_HIGHUSER_MOVABLE, .memAlloc, .thisNode], order: 8, cpu: 0)
        while let frame = machine.allocate(all) { held.append(frame) }
        for frame in held where frame.rawValue & 256 != 0 { machine.free(frame, order: 8) }
        var observer = Restarts()
        let frame = machine.allocate(AllocationRequest(.GFP_KERNEL, order: 4, cpu: 0), observing: &observer)
        #expect(frame != nil)
        #expect(observer.flags.first?.contains(.noFragment) == true)
        #expect(observer.restarts == 1)
        // A node without DMA32 does not ask for it.
        observer = Restarts()
        _ = machine.allocate(AllocationRequest(.GFP_KERNEL, order: 4, cpu: 1), observing: &observer)
        #expect(observer.flags.first?.contains(.noFragment) == false)
    }

    @Test func `a machine of 64 TiB takes little memory`() throws {
        let tib = 1 << 28
        let nodes = (0..<64).map { node in
            Topology.Node(
                id: NodeID(node), cpus: [CPUID(node)],
                memory: [PageFrame(tib * node + (node == 0 ? 1 << 20 : 0))..<PageFrame(tib * (node + 1))])
        }
        let before = residentPages()
        var machine = try Machine(Topology(nodes: nodes))
        for cpu in 0..<64 { #expect(machine.allocate(AllocationRequest(.GFP_KERNEL, cpu: CPUID(cpu))) != nil) }
        #expect(machine.freePages > 63 * tib)
        // 64 MiB of pages of 4 KiB, for a description of 2^34 pages.
        #expect(residentPages() - before < 16384)
    }

    @Test func `orders that no free list has are refused`() {
        var topology = Self.topology()
        topology.maximumOrder = 14
        #expect(throws: MachineError.unsupportedOrders(maximum: 14, pageblock: 9)) { try build(topology) }
        topology.maximumOrder = 10
        topology.pageblockOrder = 0
        #expect(throws: MachineError.self) { try build(topology) }
    }

    @Test(arguments: kernels)
    func `the contiguous memory area is CMA from boot on: movable requests may use it, others not`(
        kernel: KernelVersion
    ) throws {
        let topology = Topology(
            kernel: kernel, nodes: [.init(id: 0, cpus: [0], memory: [Self.mib(1024..<1280)])],
            boot: BootParameters(cma: 64 << 20), sysctls: Sysctls(minFreeKbytes: 8192))
        var machine = try Machine(topology)
        try machine.checkInvariants()
        let area = 64 << 8
        #expect(machine.withZone(0) { $0.buddy.freePages(type: .cma) } == area)
        #expect(machine.withZone(0) { $0.buddy.counters.cma } == area)
        while machine.allocate(AllocationRequest(.GFP_KERNEL, order: 4)) != nil {}
        #expect(machine.withZone(0) { $0.buddy.freePages(type: .cma) } == area)
        while machine.allocate(AllocationRequest(.GFP_HIGHUSER_MOVABLE, order: 4)) != nil {}
        #expect(machine.withZone(0) { $0.buddy.freePages(type: .cma) } < area)
        try machine.checkInvariants()
    }

    private func build(_ topology: Topology) throws { _ = try Machine(topology) }

    /// Of this process; 0 where the system does not say.
    private func residentPages() -> Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        return text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }
}
