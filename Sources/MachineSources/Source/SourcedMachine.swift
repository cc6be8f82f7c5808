import KernelText
import PageAllocator
import SourceText
import Topology

/// The kernel's own texts of a machine as they were read, so that they can be printed again byte for byte.
public struct KernelTexts: Hashable, Sendable {
    /// `/proc/zoneinfo`.
    public var zoneInfo: ZoneInfoText?
    /// `/proc/buddyinfo`.
    public var buddyInfo: BuddyInfoText?
    /// `/proc/pagetypeinfo`.
    public var pageTypeInfo: PageTypeInfoText?
    /// `/proc/vmstat`.
    public var vmstat: VMStatText?
    /// The counters of all nodes' `numastat` in sysfs, as the tool `numastat` prints them.
    public var numaStat: NUMAStatText?

    public init() {}
}

/// A machine that was read, its source, and remarks on that.
public struct SourcedMachine: Sendable {
    /// The source's name.
    public var name: String
    /// The kind of source: "a topology", "a recording", ...
    public var kind: String
    /// The machine; without zones, it has just booted.
    public var snapshot: Snapshot
    /// What of the source was used, assumed or not understood; each note once.
    public var notes: [SourceNote]
    /// The kernel's own texts, if the source has them.
    public var texts = KernelTexts()
    /// Whether no source states the distances between the nodes.
    public var distancesAreAssumed = false
    /// Warnings about the description.
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
    /// - Throws: ``SourceRefusal`` if no machine can have the source's figures.
    public func machine() throws(SourceRefusal) -> Machine {
        do throws(MachineError) {
            return try Machine.restoring(snapshot)
        } catch {
            throw SourceRefusal("\(name): \(error)")
        }
    }

    /// Something in a state that can be built but that no allocator would reach: counts that differ from the lists,
    /// free blocks that should have merged, more free pages than there are. Nil if there is nothing.
    func contradiction() throws(SourceRefusal) -> String? {
        let machine = try machine()
        do {
            try machine.checkInvariants()
            return nil
        } catch {
            return error.description
        }
    }

    /// Changes settings. A machine that has not booted yet boots with them; for any other, what depends on them is
    /// recomputed when it is built, as writing to /proc/sys does.
    public mutating func apply(_ changes: [SettingChange]) throws {
        guard !changes.isEmpty else { return }
        // The marks of zoneinfo no longer apply.
        texts.zoneInfo = nil
        var topology = snapshot.topology
        try topology.apply(changes)
        guard snapshot.zones.contains(where: { $0.exact != nil }) else {
            snapshot.change(to: topology.sysctls)
            return
        }
        // A recorded state includes sizes of per-CPU lists, which only the machine can change.
        var machine = try machine()
        try machine.set(topology.sysctls)
        snapshot.takeSettings(from: machine.snapshot())
    }
}

extension Snapshot {
    /// Sets sysctls, and drops the printed marks and reserves that depend on those changed.
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

    /// Copies what depends on sysctls. What is free, and what was printed, stays.
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
