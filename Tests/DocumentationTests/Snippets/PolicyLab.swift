import NUMAZones
import Testing

// BEGIN SNIPPET
/// A pageblock of another type is claimed only by way of a free block of order 5 or more; smaller ones are split where they
/// lie.
final class ClaimsFromOrderFive: AllocatorPolicy {
    func mayClaimPageblock(foundOrder order: Order, for type: Migratetype, usual: Bool) -> Bool {
        usual && order >= 5
    }
}
// END SNIPPET

// BEGIN SNIPPET
/// After a request that cannot sleep has been refused, more is kept free for a while: the watermarks of its node's zones are
/// boosted by a pageblock each time, until kswapd has reclaimed so much.
final class BoostsAfterAtomicFailure: AllocatorPolicy {
    func beforeRefusal(of request: AllocationRequest, in machine: inout Machine) -> RefusalAnswer {
        guard !request.gfp.contains(.directReclaim) else { return .refuse }
        for zone in machine.zonelist(of: machine.node(of: request.cpu), onlyOwn: true) {
            machine.boost(zone, by: 512, upTo: 4096)
        }
        return .refuse
    }
}
// END SNIPPET

// BEGIN SNIPPET
/// Page cache stops a little earlier than other requests, so that these find what they need without reclaim.
final class HoldsCacheBack: AllocatorPolicy {
    func watermark(for look: PolicyLook, usual: Int) -> Int {
        look.gfp.contains(.movable) ? usual + usual / 4 : usual
    }
}
// END SNIPPET

/// Examples of Documentation/Kernels/PolicyLab.md, and whatever else a policy may decide.
@Suite struct OwnPolicyTests {
    /// Notes what it is asked, and answers as usual unless told otherwise.
    private final class Questioned: AllocatorPolicy {
        var asked: Set<String> = []
        var zones: [ZoneReference]?
        var blocks: Int?
        var pages: Int?
        var answer = RefusalAnswer.refuse

        func fallbackTypes(for type: Migratetype, usual: FallbackTypes) -> FallbackTypes {
            asked.insert("types")
            return usual
        }

        func mayClaimPageblock(foundOrder order: Order, for type: Migratetype, usual: Bool) -> Bool {
            asked.insert("claim")
            return usual
        }

        func zonelist(of node: NodeID, usual: [ZoneReference]) -> [ZoneReference] {
            asked.insert("zonelist")
            return zones ?? usual
        }

        func watermark(for look: PolicyLook, usual: Int) -> Int {
            asked.insert("watermark")
            return usual
        }

        func refill(from zone: ZoneReference, order: Order, usual: Int) -> Int {
            asked.insert("refill")
            return blocks ?? usual
        }

        func giveBack(to zone: ZoneReference, held: Int, usual: Int) -> Int {
            asked.insert("give back")
            return pages ?? usual
        }

        func reservesPageblock(in zone: ZoneReference, order: Order) -> Bool {
            asked.insert("reserve")
            return true
        }

        func beforeRefusal(of request: AllocationRequest, in machine: inout Machine) -> RefusalAnswer {
            asked.insert("refusal")
            return answer
        }
    }

    private static let topology = Topology(nodes: [
        .init(id: 0, cpus: [0], memory: [0..<0x8000]), .init(id: 1, cpus: [1], memory: [0x8000..<0x10000]),
    ])

    /// Requests of all kinds, until nobody serves them, and half of them given back on the way.
    private func frames(_ machine: inout Machine) -> [PageFrame?] {
        var answers: [PageFrame?] = []
        // Before 6.3 a bit of its own said that a request is urgent.
        let urgent = GFPFlags.GFP_ATOMIC.union(machine.profile.version < KernelVersion(6, 3) ? .atomic : [])
        var held: [PageFrame] = []
        while let frame = machine.allocate(AllocationRequest(GFPFlags.GFP_KERNEL.union(.noRetry))) {
            held.append(frame)
        }
        for _ in 0..<12 { answers.append(machine.allocate(AllocationRequest(urgent, order: 1))) }
        for frame in held { machine.free(frame, order: 0) }
        for round in 0..<9000 {
            let masks: [GFPFlags] = [.GFP_KERNEL, .GFP_ATOMIC, .GFP_HIGHUSER_MOVABLE]
            let order = Order([0, 0, 1, 3][round % 4])
            let cpu = CPUID(UInt32(round / 64 % 2))
            let frame = machine.allocate(AllocationRequest(masks[round % 3], order: order, cpu: cpu))
            answers.append(frame)
            if round % 2 == 0, let frame { machine.free(frame, order: order, cpu: cpu) }
        }
        while let frame = machine.allocate(AllocationRequest(.GFP_ATOMIC, order: 1)) { answers.append(frame) }
        return answers + held.map(Optional.some)
    }

    @Test(arguments: KernelProfile.all)
    func `a policy that answers as usual changes nothing, and is asked everything`(profile: KernelProfile) throws {
        var usual = try Machine(Self.topology, profile: profile)
        let policy = Questioned()
        var asked = try Machine(Self.topology, profile: profile, policy: policy)
        #expect(frames(&usual) == frames(&asked))
        #expect(usual.snapshot() == asked.snapshot())
        #expect(
            policy.asked == [
                "types", "claim", "zonelist", "watermark", "refill", "give back", "reserve", "refusal",
            ])
        try asked.checkInvariants()
    }

    @Test func `a node walks the zones that the policy gives it, and no others`() throws {
        let policy = Questioned()
        policy.zones = [
            ZoneReference(node: 1, kind: .dma32), ZoneReference(node: 1, kind: .dma32),
            ZoneReference(node: 7, kind: .normal),
        ]
        var machine = try Machine(Self.topology, policy: policy)
        #expect(machine.zonelist(of: 0) == [ZoneReference(node: 1, kind: .dma32)])
        let frame = machine.allocate(AllocationRequest(.GFP_KERNEL, cpu: 0))
        let zone = machine.zone(of: try #require(frame))
        #expect(zone?.node == 1)
    }

    @Test func `sizes beyond all bounds are brought within them`() throws {
        let policy = Questioned()
        for wild in [Int.min, -1, 0, .max] {
            policy.blocks = wild
            policy.pages = wild
            var machine = try Machine(Self.topology, policy: policy)
            _ = frames(&machine)
            try machine.checkInvariants()
        }
    }

    @Test func `who is always told to try again is refused in the end`() throws {
        let policy = Questioned()
        policy.answer = .tryAgain
        var machine = try Machine(Self.topology, policy: policy)
        while machine.allocate(AllocationRequest(.GFP_ATOMIC)) != nil {}
        #expect(policy.asked.contains("refusal"))
    }

    @Test func `page cache that is held back leaves the rest to others`() throws {
        var usual = try Machine(Self.topology)
        var policed = try Machine(Self.topology, policy: HoldsCacheBack())
        while usual.allocate(AllocationRequest(.GFP_HIGHUSER_MOVABLE)) != nil {}
        while policed.allocate(AllocationRequest(.GFP_HIGHUSER_MOVABLE)) != nil {}
        let (left, usuallyLeft) = (policed.freePages, usual.freePages)
        #expect(left > usuallyLeft)
        let other = policed.allocate(AllocationRequest(.GFP_KERNEL))
        #expect(other != nil)
    }

    @Test func `small blocks claim no pageblock where the policy forbids it`() throws {
        func unmovablePageblocks(_ policy: (any AllocatorPolicy)?) throws -> Int {
            var machine = try Machine(Self.topology, policy: policy)
            var cache: [PageFrame] = []
            while let page = machine.allocate(AllocationRequest(.GFP_HIGHUSER_MOVABLE)) { cache.append(page) }
            for (index, page) in cache.enumerated() where index % 4 != 0 { machine.free(page, order: 0) }
            machine.drainAll()
            for _ in 0..<2000 { _ = machine.allocate(AllocationRequest(.GFP_KERNEL)) }
            try machine.checkInvariants()
            return machine.snapshot().zones.flatMap { $0.exact?.pageblocks ?? [] }.filter { $0.type == .unmovable }
                .reduce(0) { $0 + $1.count }
        }
        #expect(try unmovablePageblocks(ClaimsFromOrderFive()) < unmovablePageblocks(nil))
    }
}
