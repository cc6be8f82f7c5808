import GFP
import Topology

extension MemoryAccount {
    /// Restricts the account to the zones that a request may use, where the other zones are ZONE_HIGHMEM and
    /// ZONE_MOVABLE. Those hold only pages of processes and of the page cache, so all of the kernel's own memory lies
    /// in the zones that remain.
    ///
    /// - Parameters:
    ///   - places: What the lines of those zones say; nil: they are nearly all of the machine, or lack the figures.
    ///   - scene: The scene with the request.
    /// - Returns: The unchanged account where the zones cannot be told apart like this.
    func limited(to places: PlaceAccount?, _ scene: FailureScene) -> MemoryAccount {
        guard let places, scene.request.binding == nil, scene.request.highestZone(scene.kinds) == .normal,
            let memory = scene.report.memory
        else { return self }
        let known = memory.knownCounters
        func share(_ kind: MemoryHolder.Kind, _ part: Int, of all: Int) -> Int {
            all > 0 ? Int(Double(pages(kind)) * min(1, Double(part) / Double(all))) : pages(kind)
        }
        let anonymous = known.pages("active_anon", "inactive_anon")
        let unevictable = known.pages("unevictable")
        var found: [MemoryHolder] = MemoryHolder.Kind.allCases.compactMap { kind in
            let held: Int
            switch kind {
            case .processes, .tmpfs: held = share(kind, places.anonymous, of: anonymous)
            case .mlocked, .unevictable: held = share(kind, places.unevictable, of: unevictable)
            case .pageCache: held = min(pages(kind), places.file)
            case .free: held = places.free
            case .hugePages, .balloon, .compressedSwap: held = min(pages(kind), places.managed)
            case .lru: held = min(pages(kind), places.lru)
            case .slabUnreclaimable, .slabReclaimable, .slab, .pageTables, .kernelStacks, .perCPU, .graphics:
                held = pages(kind)
            case .unaccounted: return nil
            }
            return MemoryHolder(kind: kind, pages: held)
        }
        let counted = found.reduce(0) { $0 &+ $1.pages }
        if isComplete { found.append(MemoryHolder(kind: .unaccounted, pages: max(0, places.managed - counted))) }
        return MemoryAccount(managed: places.managed, holders: found, swap: swap, isComplete: isComplete)
    }
}
