import BuddyEngine
import GFP
import Topology

/// Reclaim like a kernel's without MGLRU: page cache and anonymous memory on active and inactive lists, scanned from
/// the oldest page, more of them as the priority falls; a given size of swap; slab caches that shrink in proportion;
/// processes that can be killed (mm/vmscan.c and mm/oom_kill.c, 6.1 and 6.12).
///
/// ``add(_:_:isDirty:isActive:owner:folioOrder:in:)`` hands allocated pages to it; from then on reclaim may free them,
/// and compaction may move them. Call ``forget(_:)`` before freeing such a page yourself.
public final class LRUReclaim: ReclaimHook {
    /// What a page holds.
    public enum PageKind: Hashable, Sendable {
        /// A process's own memory, which can only be swapped out.
        case anonymous
        /// Page cache, which is dropped if clean and written first if dirty.
        case file
    }

    /// A process that owns anonymous memory and can be killed.
    public struct Process: Hashable, Sendable {
        /// Its name in reports.
        public var name: String
        /// How many of its pages the model holds.
        public internal(set) var pages = 0
        /// Whether the process was killed.
        public internal(set) var isKilled = false
        /// Whether it waits for something that no signal ends: killed, it does not exit.
        public internal(set) var isWaiting = false
    }

    /// The size of swap space in pages; 0: anonymous memory cannot be reclaimed.
    public var swapPages: Int
    /// Pages of swap space in use.
    public internal(set) var swappedPages = 0
    /// By node: reclaimable slab pages, as blocks of order 0.
    public internal(set) var slabPages: [NodeID: [PageFrame]] = [:]
    /// The processes, in the order in which they were added.
    public internal(set) var processes: [Process] = []

    /// The process that makes requests, a result of ``addProcess(_:isWaiting:)``; nil: the kernel, which cannot be
    /// killed.
    public var caller: Int?

    var table = LRUTable()
    /// By node: what kswapd still has to scan of each list after others got the CPU.
    var interrupted: [NodeID: [Int]] = [:]

    public init(swapPages: Int = 0) { self.swapPages = swapPages }

    public var scansByPriority: Bool { true }

    public func isInterrupted(on node: NodeID) -> Bool { interrupted[node] != nil }

    /// How many pages of a kind are held, on all nodes.
    public func pages(_ kind: PageKind) -> Int {
        kind == .file ? table.total.file : table.total.anonymous
    }

    /// How many pages are on a node's active or inactive list.
    public func pages(_ kind: PageKind, isActive: Bool, node: NodeID) -> Int {
        guard let position = table.nodes.firstIndex(of: node) else { return 0 }
        return table.count(position, Self.list(kind, isActive))
    }

    /// Adds a process, and returns its number for `owner`.
    ///
    /// - Parameters:
    ///   - name: Its name in reports.
    ///   - isWaiting: It waits for something that no signal ends: if it is killed, it does not exit, and nobody else
    ///     is killed.
    public func addProcess(_ name: String, isWaiting: Bool = false) -> Int {
        processes.append(Process(name: name, isWaiting: isWaiting))
        return processes.count - 1
    }

    /// Whether the model holds a page.
    public func holds(_ frame: PageFrame) -> Bool { table.place(of: frame) != nil }

    /// Hands pages in use to the model, the first as the oldest, and marks them as movable.
    ///
    /// - Parameters:
    ///   - pages: The pages, all of one zone.
    ///   - kind: What they hold.
    ///   - isDirty: Whether they must be written before they can be freed.
    ///   - isActive: Whether they go on the active list.
    ///   - owner: A result of ``addProcess(_:isWaiting:)``; nil: no process.
    ///   - folioOrder: The order of folios that page cache was read ahead in, each of which is reclaimed as a whole.
    ///     Pages at the ends that do not fill a folio stay single.
    ///   - machine: The machine that has the pages.
    public func add(
        _ pages: Range<PageFrame>, _ kind: PageKind, isDirty: Bool = false, isActive: Bool = false, owner: Int? = nil,
        folioOrder: Order = 0, in machine: inout Machine
    ) {
        guard let zone = machine.zone(of: pages.lowerBound) else { return }
        let node = table.position(of: zone.node)
        let index = machine.zoneKinds.firstIndex(of: zone.kind) ?? 0
        var frame = pages.lowerBound
        while frame < pages.upperBound {
            if table.place(of: frame) == nil {
                table.insert(
                    LRUPage(
                        frame: frame, list: Self.list(kind, isActive), node: node, zone: zone, zoneIndex: index,
                        isDirty: isDirty, owner: Int32(owner ?? -1), folioOrder: folioOrder))
                if let owner { processes[owner].pages += 1 }
            }
            frame = frame + 1
        }
        machine.setMovable(true, pages)
        // Reclaim frees them one by one.
        machine.splitBlocks(in: pages)
    }

    /// Hands order-0 blocks of slab caches to the model, which frees some as reclaim proceeds.
    public func addSlabs(_ frames: [PageFrame], node: NodeID) { slabPages[node, default: []] += frames }

    /// Notes that a page was used: it is kept for another round before it is reclaimed, and moves to the active list if
    /// it was used before (`mark_page_accessed`).
    public func touch(_ frame: PageFrame) {
        guard let place = table.place(of: frame) else { return }
        if table[place].isReferenced, !table[place].list.isActive {
            table.renew(place, on: table[place].list.active)
            table[place].isReferenced = false
        } else {
            table[place].isReferenced = true
        }
    }

    /// Notes that a page's owner frees it or takes it back.
    public func forget(_ frame: PageFrame) {
        guard let place = table.place(of: frame) else { return }
        drop(place)
    }

    func drop(_ place: Int32) {
        let owner = Int(table[place].owner)
        if owner >= 0 { processes[owner].pages -= 1 }
        table.remove(place)
    }

    static func list(_ kind: PageKind, _ isActive: Bool) -> LRUKind {
        switch kind {
        case .anonymous: isActive ? .activeAnonymous : .inactiveAnonymous
        case .file: isActive ? .activeFile : .inactiveFile
        }
    }

    /// The pages of a zone that could be freed (`zone_reclaimable_pages`).
    public func reclaimablePages(in zone: ZoneReference) -> Int? {
        let pages = table.pages(in: zone)
        return pages.file + (hasSwapLeft ? pages.anonymous : 0)
    }

    var hasSwapLeft: Bool { swappedPages < swapPages }

    public func mayBeMoved(_ page: PageFrame) -> Bool { holds(page) }

    public func move(_ page: PageFrame, to target: PageFrame) -> Bool {
        guard let place = table.place(of: page) else { return false }
        table.rename(place, to: target)
        return true
    }

    public func settle(_ page: PageFrame, in machine: borrowing Machine) {
        guard let place = table.place(of: page), let zone = machine.zone(of: page) else { return }
        var moved = table[place]
        table.remove(place)
        moved.zone = zone
        moved.zoneIndex = machine.zoneKinds.firstIndex(of: zone.kind) ?? 0
        moved.node = table.position(of: zone.node)
        table.insert(moved)
    }
}
