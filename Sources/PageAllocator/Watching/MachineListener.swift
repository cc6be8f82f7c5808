import BuddyEngine
import GFP
import Topology

/// Receives everything that one machine does, whoever asks for it: requests, frees, settings, and what hooks and background
/// work do meanwhile, which no request's observer sees. `HistoryRecorder` (module `History`) keeps it.
///
/// Attached with `Machine.listener`. A machine without one pays nothing; one with a listener takes the long way for each
/// request and free, and gives the same answers.
public protocol MachineListener: AnyObject {
    /// An operation begins. Operations are inside one another: a request calls reclaim, which frees.
    func began(_ operation: MachineOperation)

    /// Something happened in the operation begun last, or between operations.
    func happened(_ event: MachineEvent)

    /// The operation begun last is over.
    ///
    /// - `frame`: What a request got; nil: it was refused, or the operation was not a request.
    func ended(_ operation: MachineOperation, frame: PageFrame?, on machine: borrowing Machine)
}

/// What somebody asks a machine to do.
public enum MachineOperation: Hashable, Sendable {
    case request(AllocationRequest)
    case free(PageFrame, order: Order, cpu: CPUID)
    /// A CPU's lists are given back to the free lists; nil: all CPUs'.
    case drain(CPUID?)
    /// Sysctls were written.
    case set
}

/// An observer that calls a listener, and wants to know all.
public struct ListenerObserver: AllocationObserver {
    @usableFromInline
    let listener: any MachineListener

    public init(_ listener: any MachineListener) { self.listener = listener }

    public static var wantsLooks: Bool { true }
    public static var wantsChanges: Bool { true }

    public mutating func tookBlock(_ frame: PageFrame, order: Order, type: Migratetype) {}
    public mutating func drained(_ frame: PageFrame, order: Order, type: Migratetype) {}
    public mutating func fellBack(_ fallback: FallbackEvent) { listener.happened(.fellBack(fallback)) }
    public mutating func changed(_ change: FreeListChange) { listener.happened(.lists(change)) }
    public mutating func changed(_ change: PerCPUChange) { listener.happened(.perCPU(change)) }
    public mutating func beganWalk(_ flags: AllocFlags) { listener.happened(.walk(flags, isRestart: false)) }
    public mutating func restartedWalk(_ flags: AllocFlags) { listener.happened(.walk(flags, isRestart: true)) }
    public mutating func judged(_ look: ZoneLook) { listener.happened(.judged(look)) }
    public mutating func passedOver(_ zone: ZoneReference, because reason: PassOverReason) {
        listener.happened(.passedOver(zone, reason))
    }
    public mutating func wokeKswapd(_ wake: KswapdWake) { listener.happened(.kswapd(wake)) }
    public mutating func kswapdSlept(_ node: NodeID) { listener.happened(.kswapdSlept(node)) }
    public mutating func reclaimed(_ call: ReclaimCall, freed pages: Int) {
        listener.happened(.reclaimed(call, freed: pages))
    }
    public mutating func compacted(_ event: CompactionEvent) { listener.happened(.compacted(event)) }
    public mutating func ranOutOfMemory(_ event: OutOfMemoryEvent) { listener.happened(.outOfMemory(event)) }
    public mutating func boosted(_ zone: ZoneReference, to pages: Int) {
        listener.happened(.boosted(zone, pages: pages))
    }
}
