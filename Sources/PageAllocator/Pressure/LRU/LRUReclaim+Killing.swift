import BuddyEngine
import GFP
import Topology

extension LRUReclaim {
    /// Kills the process with the most memory (`select_bad_process`, `oom_badness`); if a policy limits the request,
    /// only pages on the nodes that it can use count.
    public func killProcess(_ call: OutOfMemoryCall, in machine: inout Machine) -> OutOfMemoryAnswer {
        if processes.contains(where: { $0.isKilled && $0.pages > 0 }) { return .stillDying }
        var sizes = processes.map { $0.isKilled ? 0 : $0.pages }
        if let mask = call.nodemask {
            sizes = [Int](repeating: 0, count: processes.count)
            forEachOwned { page in
                if mask.contains(page.zone.node), !processes[Int(page.owner)].isKilled { sizes[Int(page.owner)] += 1 }
            }
        }
        guard let victim = victim(sizes, call) else { return .nobody }
        processes[victim].isKilled = true
        // Where the CPU is shared, the victim has to wait for its turn.
        if machine.reclaimTiming == .prompt { _ = letOthersRun(upTo: nil, in: &machine) }
        return victim == caller ? .killedCaller(processes[victim].name) : .killed(processes[victim].name)
    }

    private func victim(_ sizes: [Int], _ call: OutOfMemoryCall) -> Int? {
        if call.prefersCaller, let caller, sizes[caller] > 0 { return caller }
        guard let most = sizes.max(), most > 0 else { return nil }
        return sizes.firstIndex(of: most)
    }

    public func letOthersRun(upTo pages: Int?, in machine: inout Machine) -> Int {
        guard exitingPages != 0 else { return 0 }
        var frames: [PageFrame] = []
        let most = pages ?? .max
        forEachOwned { page in
            if frames.count < most, processes[Int(page.owner)].isExiting { frames.append(page.frame) }
        }
        for frame in frames {
            forget(frame)
            machine.free(frame, order: 0)
        }
        return frames.count
    }

    public var exitingPages: Int? { processes.reduce(0) { $0 + ($1.isExiting ? $1.pages : 0) } }

    private func forEachOwned(_ body: (LRUPage) -> Void) {
        table.forEachPage { if $0.owner >= 0 { body($0) } }
    }
}

extension LRUReclaim.Process {
    /// Whether it frees its memory.
    var isExiting: Bool { isKilled && !isWaiting }
}
