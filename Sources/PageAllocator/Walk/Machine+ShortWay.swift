import BuddyEngine
import GFP
import Topology

/// The result of a walk for most requests, without the walk: the first zone of the list serves. There are two fast
/// paths. The shorter one, inlined into the caller, is for a single page that the CPU's list has; the other is for
/// every order, for empty lists, and for zones with pages set aside. What neither serves is left unchanged for the
/// walk.
extension Machine {
    /// Serves the usual request, of an ordinary task without a node mask; nil if it is refused.
    ///
    /// Faster than ``allocate(_:)``: this is inlined, and its arguments stay in registers.
    ///
    /// - Precondition: The CPU and the node are the machine's.
    @inlinable @inline(__always)
    public mutating func allocate(
        _ gfp: GFPFlags, order: Order = 0, cpu: CPUID = 0, node: NodeID? = nil
    ) -> PageFrame? {
        var observer = NoAllocationObserver()
        if order == 0, let frame = takeSingleAtOnce(gfp, cpu: cpu, node: node, observing: &observer) { return frame }
        return allocateUnobserved(gfp, order: order, cpu: cpu, node: node)
    }

    /// Serves a request; nil if it is refused.
    @inlinable
    public mutating func allocate(_ request: borrowing AllocationRequest) -> PageFrame? {
        var observer = NoAllocationObserver()
        if let frame = allocateShortly(request, observing: &observer) { return frame }
        return allocateUnobserved(request)
    }

    /// Serves a request, and reports to `observer` what happens (`__alloc_pages`).
    ///
    /// - Precondition: The request's CPU and node are the machine's.
    @inlinable
    public mutating func allocate<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, observing observer: inout Observer
    ) -> PageFrame? {
        if let frame = allocateShortly(request, observing: &observer) { return frame }
        return allocateByWalk(request, observing: &observer)
    }

    @inlinable @inline(__always)
    mutating func allocateShortly<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, observing observer: inout Observer
    ) -> PageFrame? {
        guard takesShortWay, request.nodemask == nil else { return nil }
        if request.order == 0,
            let frame = takeSingleAtOnce(request.gfp, cpu: request.cpu, node: request.node, observing: &observer)
        {
            return frame
        }
        guard
            let frame = takeFromFirstZone(
                request.gfp, order: request.order, cpu: request.cpu, node: request.node, observing: &observer)
        else { return nil }
        if !awakened.isEmpty { runKswapd(observing: &observer) }
        return frame
    }

    /// Serves an unobserved request that the shorter path could not.
    @usableFromInline @inline(never)
    mutating func allocateUnobserved(_ gfp: GFPFlags, order: Order, cpu: CPUID, node: NodeID?) -> PageFrame? {
        if takesShortWay {
            var observer = NoAllocationObserver()
            if let frame = findInFirstZone(gfp, order: order, cpu: cpu, node: node, observing: &observer) {
                if !awakened.isEmpty { runKswapd(observing: &observer) }
                return frame
            }
        }
        return allocateUnobserved(AllocationRequest(gfp, order: order, cpu: cpu, node: node))
    }

    /// Takes a single page off the CPU's list in the first zone of the node's list. Nil, with nothing changed, if the
    /// list is empty or anything is unusual.
    @inlinable @inline(__always)
    mutating func takeSingleAtOnce<Observer: AllocationObserver>(
        _ gfp: GFPFlags, cpu: CPUID, node: NodeID?, observing observer: inout Observer
    ) -> PageFrame? {
        guard takesShortWay, !Observer.wantsLooks, !Observer.wantsChanges, !gfp.contains(.thisNode) else { return nil }
        let cpu = place(of: cpu)
        let first = firstZone(gfp, from: node.map { knownPosition(of: $0) } ?? Int(cpu.node))
        guard let zone = first.zone,
            let frame = zone.pointee.takeSingleAtOnce(
                gfp.migratetype, highest: Int(first.highest), cpu: Int(cpu.position))
        else { return nil }
        observer.beganWalk(firstFlags(gfp, 0, gfp.migratetype, avoidsFragmentation: first.avoidsFragmentation))
        if keepsLocality { zone.pointee.countLocality(isPreferredNode: true, isCPUsNode: first.node == cpu.node) }
        return frame
    }

    /// Takes a block of any order from the first zone of the node's list: off the CPU's list, which is refilled if
    /// empty, or off the free lists. Nil, with nothing changed, unless it is certain that the zone serves the request:
    /// it must be above its watermark and have a block of the request's own type.
    ///
    /// The caller runs kswapd if it was woken.
    @inlinable @inline(never)
    mutating func takeFromFirstZone<Observer: AllocationObserver>(
        _ gfp: GFPFlags, order: Order, cpu: CPUID, node: NodeID?, observing observer: inout Observer
    ) -> PageFrame? {
        findInFirstZone(gfp, order: order, cpu: cpu, node: node, observing: &observer)
    }

    @inlinable @inline(__always)
    mutating func findInFirstZone<Observer: AllocationObserver>(
        _ gfp: GFPFlags, order: Order, cpu: CPUID, node: NodeID?, observing observer: inout Observer
    ) -> PageFrame? {
        guard !Observer.wantsLooks, !Observer.wantsChanges, !gfp.contains(.thisNode), order <= maximumOrder else {
            return nil
        }
        let cpu = place(of: cpu)
        let first = firstZone(gfp, from: node.map { knownPosition(of: $0) } ?? Int(cpu.node))
        let type = gfp.migratetype
        guard let zone = first.zone,
            zone.pointee.servesPlainly(order, highest: Int(first.highest), usesCMA: hasCMA && type == .movable)
        else { return nil }
        let flags = firstFlags(gfp, order, type, avoidsFragmentation: first.avoidsFragmentation)
        let frame: PageFrame
        if let listed = zone.pointee.takeListedAtOnce(order, type: type, cpu: Int(cpu.position)) {
            observer.beganWalk(flags)
            frame = listed
        } else {
            guard zone.pointee.buddy.hasBlock(atLeast: order, type: type), !flags.contains(.highAtomic) else {
                return nil
            }
            observer.beganWalk(flags)
            let taken = zone.pointee.take(order, type: type, flags: flags, cpu: Int(cpu.position), observing: &observer)
            assert(taken != nil, "a list that had a block gave none")
            guard let taken else { return nil }
            wakeForBoost(zone - zones, flags, observing: &observer)
            frame = taken
        }
        if keepsLocality { zone.pointee.countLocality(isPreferredNode: true, isCPUsNode: first.node == cpu.node) }
        return frame
    }

    /// The zone that a request from the node at a position prefers.
    @inlinable @inline(__always)
    mutating func firstZone(_ gfp: GFPFlags, from node: Int) -> FirstZone {
        firstZones[unchecked: node &* GFPFlags.selectorCount &+ gfp.selector]
    }
}
