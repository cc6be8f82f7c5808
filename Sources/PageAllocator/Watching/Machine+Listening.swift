import BuddyEngine
import GFP
import Topology

/// Operations that are reported both to the machine's listener and to the caller's observer.
extension Machine {
    /// Serves a request, of a task if one is given, and reports to the machine's listener as well as to `observer`.
    public mutating func allocateHeard<Observer: AllocationObserver>(
        _ request: AllocationRequest, by task: inout TaskPlacement?, observing observer: inout Observer
    ) -> PageFrame? {
        guard let listener else { return serve(request, by: &task, observing: &observer) }
        listener.began(.request(request))
        var pair = ObserverPair(observer, ListenerObserver(listener))
        let frame = serve(request, by: &task, observing: &pair)
        observer = pair.first
        listener.ended(.request(request), frame: frame, on: self)
        return frame
    }

    private mutating func serve<Observer: AllocationObserver>(
        _ request: AllocationRequest, by task: inout TaskPlacement?, observing observer: inout Observer
    ) -> PageFrame? {
        guard var own = task else { return allocate(request, observing: &observer) }
        defer { task = own }
        return allocate(request, by: &own, observing: &observer)
    }

    /// Serves a request without an observer, reporting to the machine's listener if it has one.
    @usableFromInline @inline(never)
    mutating func allocateUnobserved(_ request: borrowing AllocationRequest) -> PageFrame? {
        if let listener {
            let request = copy request
            listener.began(.request(request))
            var observer = ListenerObserver(listener)
            let frame = allocateByWalk(request, observing: &observer)
            listener.ended(.request(request), frame: frame, on: self)
            return frame
        }
        var observer = NoAllocationObserver()
        return allocateByWalk(request, observing: &observer)
    }

    @usableFromInline @inline(never)
    mutating func freeToZone(_ frame: PageFrame, order: Order, cpu: Int) {
        var unheard = NoAllocationObserver()
        if lastFreed.contains(frame), listener == nil, case let near = lastFreed.zone.unsafelyUnwrapped,
            order <= near.pointee.perCPURules.largestOrder,
            near.pointee.freeAtOnce(frame, order: order, cpu: cpu, observing: &unheard)
        {
            return
        }
        // A refused free changes nothing, so no listener is told of it.
        guard let zone = zone(ofFreed: frame, order: order, cpu: cpu, observing: &unheard) else { return }
        if let listener {
            let operation = MachineOperation.free(frame, order: order, cpu: cpuIDs[cpu])
            listener.began(operation)
            var observer = ListenerObserver(listener)
            zones[zone].free(frame, order: order, cpu: cpu, observing: &observer)
            return listener.ended(operation, frame: nil, on: self)
        }
        zones[zone].free(frame, order: order, cpu: cpu, observing: &unheard)
    }

    /// Returns the pages of all CPUs' lists to the free lists (`drain_all_pages`).
    public mutating func drainAll() {
        if let listener {
            listener.began(.drain(nil))
            var observer = ListenerObserver(listener)
            drainAll(observing: &observer)
            return listener.ended(.drain(nil), frame: nil, on: self)
        }
        var observer = NoAllocationObserver()
        drainAll(observing: &observer)
    }

    /// Returns the pages of a CPU's lists, in every zone, to the free lists (`drain_local_pages`).
    public mutating func drain(cpu: CPUID) {
        if let listener {
            listener.began(.drain(cpu))
            var observer = ListenerObserver(listener)
            drain(cpu: cpu, observing: &observer)
            return listener.ended(.drain(cpu), frame: nil, on: self)
        }
        var observer = NoAllocationObserver()
        drain(cpu: cpu, observing: &observer)
    }

    private mutating func drainAll<Observer: AllocationObserver>(observing observer: inout Observer) {
        for zone in 0..<zoneCount {
            for cpu in zones[zone].readyCPUs.sorted() { zones[zone].drain(cpu, observing: &observer) }
        }
    }
}
