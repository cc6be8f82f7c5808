import BuddyEngine
import GFP
import Topology

/// Reclaim as a kernel without MGLRU does it: page cache and anonymous memory on active and inactive lists, scanned from
/// the oldest, harder as the priority falls; swap of a given size; slab caches that shrink at a rate; processes that can
/// be killed (mm/vmscan.c and mm/oom_kill.c, 6.1 and 6.12).
///
/// Pages are put under its care with ``add(_:_:isDirty:isActive:owner:folioOrder:in:)`` after they were allocated; from then on
/// reclaim may free them. Whoever frees such a page calls ``forget(_:)`` first. Compaction may move them.
public final class LRUReclaim: ReclaimHook {
    public enum PageKind: Hashable, Sendable {
        /// A process's own memory: goes only to swap.
        case anonymous
        /// Page cache: dropped where clean, written first where dirty.
        case file
    }

    /// Somebody who owns anonymous memory and can be killed.
    public struct Process: Hashable, Sendable {
        public var name: String
        /// Pages under the model's care.
        public internal(set) var pages = 0
        public internal(set) var isKilled = false
    }

    /// Pages of swap space; 0: anonymous memory stays where it is.
    public var swapPages: Int
    /// Pages of swap space in use.
    public internal(set) var swappedPages = 0
    /// By node: reclaimable slab pages, as the blocks (order 0) that hold them.
    public internal(set) var slabPages: [NodeID: [PageFrame]] = [:]
    public internal(set) var processes: [Process] = []

    /// The process that makes requests, a result of ``addProcess(_:)``; nil: the kernel, which cannot be killed.
    public var caller: Int?

    var table = LRUTable()
    /// By node: what kswapd has still to scan of each list, where others had the CPU before it was done.
    var interrupted: [NodeID: [Int]] = [:]

    public init(swapPages: Int = 0) { self.swapPages = swapPages }

    public var scansByPriority: Bool { true }

    public func isInterrupted(on node: NodeID) -> Bool { interrupted[node] != nil }

    /// Pages of a kind, on all nodes.
    public func pages(_ kind: PageKind) -> Int {
        kind == .file ? table.total.file : table.total.anonymous
    }

    /// Pages on a node's active or inactive list.
    public func pages(_ kind: PageKind, isActive: Bool, node: NodeID) -> Int {
        guard let position = table.nodes.firstIndex(of: node) else { return 0 }
        return table.count(position, Self.list(kind, isActive))
    }

    /// Adds a process; the result says who owns pages.
    public func addProcess(_ name: String) -> Int {
        processes.append(Process(name: name))
        return processes.count - 1
    }

    /// Whether a page is under the model's care.
    public func holds(_ frame: PageFrame) -> Bool { table.place(of: frame) != nil }

    /// Puts pages in use under the model's care, the first the oldest, and marks them as movable.
    ///
    /// - `owner`: A result of ``addProcess(_:)``.
    /// - `folioOrder`: Page cache read ahead in folios of that order, each of which is reclaimed as a whole. Pages at the ends
    ///   that do not fill one stay single.
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

    /// Puts order-0 blocks of slab caches under the model's care, to be shrunk as reclaim continues.
    public func addSlabs(_ frames: [PageFrame], node: NodeID) { slabPages[node, default: []] += frames }

    /// A page was used: it goes round once more before it is reclaimed, and to the active list if it was used before
    /// (`mark_page_accessed`).
    public func touch(_ frame: PageFrame) {
        guard let place = table.place(of: frame) else { return }
        if table[place].isReferenced, !table[place].list.isActive {
            table.renew(place, on: table[place].list.active)
            table[place].isReferenced = false
        } else {
            table[place].isReferenced = true
        }
    }

    /// Its owner frees a page, or takes it back into its own care.
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

    /// `zone_reclaimable_pages`.
    public func reclaimablePages(in zone: ZoneReference) -> Int? {
        let pages = table.pages(in: zone)
        return pages.file + (hasSwapLeft ? pages.anonymous : 0)
    }

    var hasSwapLeft: Bool { swappedPages < swapPages }

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
