import BuddyEngine
import KernelShapedComparator
import Workloads

/// Who does the work.
public enum SideName: String, CaseIterable, Sendable {
    /// The C allocator that the others are compared with.
    case comparator
    /// `BuddySpan`: free lists alone, as the comparator.
    case engine
    /// The same, which looks some operations ahead, as a replay can.
    case ahead
    /// `Machine`: a GFP request with its zonelist, watermarks, per-CPU lists and counters.
    case path

    /// How many times the comparator's time it may take in a workload; nil for the comparator.
    public func target(in workload: String) -> Double? {
        switch (self, workload) {
        case (.comparator, _): nil
        case (.engine, _): 1.0
        // Where memory is what it waits for; elsewhere looking ahead brings little.
        case (.ahead, "W3"): 0.5
        case (.ahead, _): 1.0
        case (.path, "W1"): 0.6
        case (.path, "W2"): 1.1
        case (.path, "W3"): 0.85
        case (.path, _): 1.5
        }
    }

    /// The path's per-CPU lists give pages out in another order; only the engine's answers are the comparator's.
    public var mustAnswerAsComparator: Bool { self == .engine || self == .ahead }
}

/// A Swift allocator under measurement. Generic code over it is specialised: no call goes through a witness table.
protocol Side: ~Copyable {
    /// All of `workload`'s memory, free.
    init(_ workload: Workload)
    /// The page frame number of a block, or `comparator_refused`.
    mutating func take(order: UInt8) -> UInt64
    mutating func free(_ frame: UInt64, order: UInt8)
    /// Whether ``prefetch(_:)`` is to be told what will be freed.
    static var looksAhead: Bool { get }
    /// A block will be freed some operations from now.
    mutating func prefetch(_ frame: UInt64)
}

extension Side where Self: ~Copyable {
    static var looksAhead: Bool { false }

    mutating func prefetch(_ frame: UInt64) {}

    @inline(__always)
    mutating func perform(_ operation: Operation, held: UnsafeMutablePointer<UInt64>) -> UInt64 {
        if operation.isFree {
            let frame = held[operation.slot]
            if frame != comparator_refused { free(frame, order: operation.order) }
            return frame
        }
        let frame = take(order: operation.order)
        held[operation.slot] = frame
        return frame
    }

    /// Not inlined, and not the code of any other function, so that callgrind can be told to collect here only.
    @inline(never)
    mutating func measuredOperations(_ operations: UnsafeBufferPointer<Operation>, held: UnsafeMutablePointer<UInt64>) {
        guard Self.looksAhead else {
            for operation in operations { _ = perform(operation, held: held) }
            return
        }
        for (index, operation) in operations.enumerated() {
            if index &+ 16 < operations.count {
                ProcessorCache.bring(held + operations[index &+ 16].slot)
                let next = operations[index &+ 8]
                if next.isFree { prefetch(held[next.slot]) }
            }
            _ = perform(operation, held: held)
        }
    }

    /// As `comparator_run_hashed`.
    mutating func hashed(
        _ operations: UnsafeBufferPointer<Operation>, held: UnsafeMutablePointer<UInt64>, hash: UInt64
    ) -> UInt64 {
        var hash = hash
        for operation in operations {
            hash = (hash ^ perform(operation, held: held)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
        }
        return hash
    }
}
