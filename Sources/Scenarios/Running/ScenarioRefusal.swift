import BuddyEngine
import GFP
import PageAllocator
import Topology

/// A request that was refused, or for which a process was killed, and the machine at that moment.
public struct ScenarioRefusal: Hashable, Sendable {
    /// The request as the task's policy changed it.
    public var request: AllocationRequest
    /// The node mask that the kernel's report names.
    public var nodemask: NodeMask?
    /// The policy and cpuset of the task; nil: none.
    public var placement: TaskPlacement?
    /// The machine.
    public var snapshot: Snapshot
    /// The index in ``processes`` of the one that was killed; nil if the request failed.
    public var killed: Int?
    /// The processes, with the pages that each owns.
    public var processes: [Process]
    /// Pages of processes, owned or just requested with a movable mask.
    public var anonymous: Int
    /// Pages of page cache.
    public var file: Int
    /// Pages of slab caches that can be reclaimed.
    public var slabReclaimable: Int
    /// In pages.
    public var totalSwap: Int
    /// In pages.
    public var freeSwap: Int
    /// How many requests, frees and steps came before it.
    public var work: Int

    /// A process.
    public struct Process: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Its pages.
        public var pages: Int
    }
}

/// Precedes the reclaim model, and saves the machine's state before a process is killed.
final class KillWitness: ReclaimHook {
    struct Kill {
        var snapshot: Snapshot
        /// The index in ``processes``.
        var victim: Int
        var processes: [ScenarioRefusal.Process]
    }

    private let model: LRUReclaim
    /// The kills since ``takeKills()``, each with the machine before it.
    private var kills: [Kill] = []
    /// How many are kept.
    private let most: Int

    init(_ model: LRUReclaim, keeping most: Int) {
        self.model = model
        self.most = most
    }

    var scansByPriority: Bool { model.scansByPriority }

    func reclaim(_ call: ReclaimCall, in machine: inout Machine) -> Int { model.reclaim(call, in: &machine) }

    func reclaimablePages(in zone: ZoneReference) -> Int? { model.reclaimablePages(in: zone) }

    func mayBeMoved(_ page: PageFrame) -> Bool { model.mayBeMoved(page) }

    func move(_ page: PageFrame, to target: PageFrame) -> Bool { model.move(page, to: target) }

    func letOthersRun(upTo pages: Int?, in machine: inout Machine) -> Int {
        model.letOthersRun(upTo: pages, in: &machine)
    }

    var exitingPages: Int? { model.exitingPages }

    func killProcess(_ call: OutOfMemoryCall, in machine: inout Machine) -> OutOfMemoryAnswer {
        guard kills.count < most else { return model.killProcess(call, in: &machine) }
        let before = model.processes
        let snapshot = machine.snapshot()
        let answer = model.killProcess(call, in: &machine)
        let victim = model.processes.indices.first { model.processes[$0].isKilled && !before[$0].isKilled }
        if let victim {
            let processes = before.map { ScenarioRefusal.Process(name: $0.name, pages: $0.pages) }
            kills.append(Kill(snapshot: snapshot, victim: victim, processes: processes))
        }
        return answer
    }

    func takeKills() -> [Kill] {
        defer { kills = [] }
        return kills
    }
}
