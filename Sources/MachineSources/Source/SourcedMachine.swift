import KernelText
import PageAllocator
import SourceText
import Topology

/// The kernel's own texts of a machine, as they were read: printed again they are the same to the letter.
public struct KernelTexts: Hashable, Sendable {
    public var zoneInfo: ZoneInfoText?
    public var buddyInfo: BuddyInfoText?
    public var pageTypeInfo: PageTypeInfoText?
    public var vmstat: VMStatText?

    public init() {}
}

/// A machine that was read, what it was read from, and what there is to say about that.
public struct SourcedMachine: Sendable {
    public var name: String
    /// "a topology", "a recording", ...
    public var kind: String
    /// Without zones, a machine that has just booted.
    public var snapshot: Snapshot
    /// What of the source was used, assumed and not understood; each once.
    public var notes: [SourceNote]
    /// The kernel's own texts, where the source had them.
    public var texts = KernelTexts()
    /// No source says how far the nodes are from one another.
    public var distancesAreAssumed = false
    /// Warnings about a description.
    public var problems: [SourceProblem] = []

    public init(_ name: String, _ kind: String, _ snapshot: Snapshot, notes: [SourceNote] = []) {
        self.name = name
        self.kind = kind
        self.snapshot = snapshot
        self.notes = notes
        if self.snapshot.topology.name.isEmpty { self.snapshot.topology.name = name }
    }

    /// Builds the machine.
    ///
    /// - Throws: ``SourceRefusal`` where the source's figures make no machine.
    public func machine() throws(SourceRefusal) -> Machine {
        do throws(MachineError) {
            return try Machine.restoring(snapshot)
        } catch {
            throw SourceRefusal("\(name): \(error)")
        }
    }

    /// What in a state that can be built no allocator would have come to: counts that are not the lists', free blocks
    /// that should have merged, more free pages than there are.
    func contradiction() throws(SourceRefusal) -> String? {
        let machine = try machine()
        do {
            try machine.checkInvariants()
            return nil
        } catch {
            return error.description
        }
    }

    /// Makes settings: a machine yet to boot boots with them; of one in the middle of things what follows from a setting
    /// is worked out afresh when it is built, as writing to /proc/sys does.
    public mutating func apply(_ changes: [SettingChange]) throws {
        guard !changes.isEmpty else { return }
        // The marks of zoneinfo are no longer the machine's.
        texts.zoneInfo = nil
        var topology = snapshot.topology
        try topology.apply(changes)
        guard snapshot.zones.contains(where: { $0.exact != nil }) else {
            snapshot.change(to: topology.sysctls)
            return
        }
        // A recorded state holds sizes of per-CPU lists too, which only the machine can change.
        var machine = try machine()
        try machine.set(topology.sysctls)
        snapshot.takeSettings(from: machine.snapshot())
    }
}

extension Snapshot {
    /// Other sysctls: marks and reserves that follow from what changes are no longer the printed ones.
    fileprivate mutating func change(to sysctls: Sysctls) {
        let before = topology.sysctls
        topology.sysctls = sysctls
        let marksChange =
            sysctls.minFreeKbytes != before.minFreeKbytes
            || sysctls.watermarkScaleFactor != before.watermarkScaleFactor
        for index in zones.indices {
            if marksChange { zones[index].watermarks = nil }
            if sysctls.lowmemReserveRatio != before.lowmemReserveRatio { zones[index].lowmemReserve = nil }
            if marksChange || sysctls.percpuPagelistHighFraction != before.percpuPagelistHighFraction {
                for list in zones[index].perCPULists.indices { zones[index].perCPULists[list].isResized = true }
            }
        }
    }

    /// Takes over what follows from sysctls. What is free, and what was printed, stays.
    fileprivate mutating func takeSettings(from other: Snapshot) {
        topology.sysctls = other.topology.sysctls
        for zone in other.zones {
            guard let index = zones.firstIndex(where: { $0.span.reference == zone.span.reference }) else { continue }
            zones[index].watermarks = zone.watermarks
            zones[index].lowmemReserve = zone.lowmemReserve
            if zones[index].exact != nil { zones[index].exact = zone.exact }
        }
    }
}
