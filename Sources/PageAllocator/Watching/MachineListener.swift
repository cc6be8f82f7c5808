import BuddyEngine
import GFP
import Topology

/// Receives everything that a machine does, whoever causes it: requests, frees, settings, and what hooks and background
/// work do meanwhile, which no request's observer sees. `HistoryRecorder` (module `History`) records it.
///
/// Attach it with `Machine.listener`. A machine without a listener pays nothing; one with a listener does not take the
/// fast path, and gives the same results.
public protocol MachineListener: AnyObject {
    /// An operation begins. Operations can be nested: a request calls reclaim, which frees.
    func began(_ operation: MachineOperation)

    /// Something happened in the operation that began last, or between operations.
    func happened(_ event: MachineEvent)

    /// The operation that began last has ended.
    ///
    /// - Parameters:
    ///   - operation: The operation.
    ///   - frame: The block that a request got; nil if it was refused, or the operation was not a request.
    ///   - machine: The machine, after the operation.
    func ended(_ operation: MachineOperation, frame: PageFrame?, on machine: borrowing Machine)
}

/// What a machine was asked to do.
public enum MachineOperation: Hashable, Sendable {
    case request(AllocationRequest)
    case free(PageFrame, order: Order, cpu: CPUID)
    /// Return a CPU's lists to the free lists; nil: all CPUs'.
    case drain(CPUID?)
    /// Set sysctls.
    case set
    /// Let so many microseconds pass, in which others may run (``Machine/letTimePass(_:)``).
    case time(Int)
}

/// An observer that passes everything on to a listener.
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
    public mutating func wokeKcompactd(_ wake: KcompactdWake) { listener.happened(.kcompactd(wake)) }
    public mutating func kcompactdSlept(_ node: NodeID) { listener.happened(.kcompactdSlept(node)) }
    public mutating func reclaimed(_ call: ReclaimCall, freed pages: Int) {
        listener.happened(.reclaimed(call, freed: pages))
    }
    public mutating func compacted(_ event: CompactionEvent) { listener.happened(.compacted(event)) }
    public mutating func ranOutOfMemory(_ event: OutOfMemoryEvent) { listener.happened(.outOfMemory(event)) }
    public mutating func boosted(_ zone: ZoneReference, to pages: Int) {
        listener.happened(.boosted(zone, pages: pages))
    }
}
