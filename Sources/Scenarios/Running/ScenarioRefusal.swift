import BuddyEngine
import GFP
import PageAllocator
import Topology

/// A request that a scenario's machine refused, or for which a process was killed, and the machine at that moment.
public struct ScenarioRefusal: Hashable, Sendable {
    /// As the task's policy made it.
    public var request: AllocationRequest
    /// The node mask that the kernel's report names.
    public var nodemask: NodeMask?
    public var placement: TaskPlacement?
    public var snapshot: Snapshot
    /// The position among ``processes`` of the one that was killed; nil: the request failed.
    public var killed: Int?
    /// With the pages that each owns.
    public var processes: [Process]
    /// Pages of processes, owned or only asked for with a movable mask.
    public var anonymous: Int
    public var file: Int
    public var slabReclaimable: Int
    /// Pages.
    public var totalSwap: Int
    public var freeSwap: Int
    /// Requests, frees and steps before it.
    public var work: Int

    public struct Process: Hashable, Sendable {
        public var name: String
        public var pages: Int
    }
}

/// Stands before the reclaim model and takes the machine down before somebody is killed.
final class KillWitness: ReclaimHook {
    struct Kill {
        var snapshot: Snapshot
        /// The position among ``processes``.
        var victim: Int
        var processes: [ScenarioRefusal.Process]
    }

    private let model: LRUReclaim
    /// Those since ``takeKills()``, with the machine as it was before.
    private var kills: [Kill] = []
    /// More are not kept.
    private let most: Int

    init(_ model: LRUReclaim, keeping most: Int) {
        self.model = model
        self.most = most
    }

    var scansByPriority: Bool { model.scansByPriority }

    func reclaim(_ call: ReclaimCall, in machine: inout Machine) -> Int { model.reclaim(call, in: &machine) }

    func reclaimablePages(in zone: ZoneReference) -> Int? { model.reclaimablePages(in: zone) }

    func move(_ page: PageFrame, to target: PageFrame) -> Bool { model.move(page, to: target) }

    func letOthersRun(upTo pages: Int?, in machine: inout Machine) -> Int {
        model.letOthersRun(upTo: pages, in: &machine)
    }

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
