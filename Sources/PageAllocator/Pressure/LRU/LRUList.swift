import BuddyEngine
import Topology

/// The lists of a node's pages that reclaim goes through (`enum lru_list`).
enum LRUKind: Int, CaseIterable {
    case inactiveAnonymous = 0
    case activeAnonymous = 1
    case inactiveFile = 2
    case activeFile = 3

    var isFile: Bool { rawValue >= 2 }
    var isActive: Bool { rawValue & 1 == 1 }
    var active: Self { Self(rawValue: rawValue | 1) ?? self }
    var inactive: Self { Self(rawValue: rawValue & ~1) ?? self }
}

/// A page that the model knows, with its neighbours on its list.
struct LRUPage {
    var frame: PageFrame
    /// Positions in ``LRUTable/pages``; -1: none.
    var newer: Int32 = -1
    var older: Int32 = -1
    var list: LRUKind
    /// The node's position in ``LRUTable/nodes``.
    var node: Int
    var zone: ZoneReference
    var zoneIndex: Int
    var isDirty: Bool
    var isReferenced = false
    /// Position in `LRUReclaim.processes`; -1: nobody's.
    var owner: Int32
}

/// All pages of a model, by page frame and in the order of their lists.
struct LRUTable {
    private(set) var pages: [LRUPage] = []
    private var vacant: [Int32] = []
    private var places: [PageFrame: Int32] = [:]
    private(set) var nodes: [NodeID] = []
    /// By node position and list: the newest and the oldest page.
    private var ends: [InlineArray<4, (newest: Int32, oldest: Int32)>] = []
    private var counts: [InlineArray<4, Int>] = []
    /// Pages by zone: anonymous and file.
    private(set) var inZone: [ZoneReference: (anonymous: Int, file: Int)] = [:]

    subscript(place: Int32) -> LRUPage {
        get { pages[Int(place)] }
        set { pages[Int(place)] = newValue }
    }

    func place(of frame: PageFrame) -> Int32? { places[frame] }

    func count(_ node: Int, _ list: LRUKind) -> Int { counts[node][list.rawValue] }

    func oldest(_ node: Int, _ list: LRUKind) -> Int32 { ends[node][list.rawValue].oldest }

    mutating func position(of node: NodeID) -> Int {
        if let position = nodes.firstIndex(of: node) { return position }
        nodes.append(node)
        ends.append(InlineArray(repeating: (-1, -1)))
        counts.append(InlineArray(repeating: 0))
        return nodes.count - 1
    }

    /// Adds a page as the newest of its list.
    mutating func insert(_ page: LRUPage) {
        let place: Int32
        if let free = vacant.popLast() {
            place = free
            pages[Int(place)] = page
        } else {
            place = Int32(pages.count)
            pages.append(page)
        }
        places[page.frame] = place
        countZone(page, 1)
        link(place)
    }

    mutating func remove(_ place: Int32) {
        unlink(place)
        countZone(pages[Int(place)], -1)
        places[pages[Int(place)].frame] = nil
        vacant.append(place)
    }

    /// The page goes by another frame from now on.
    mutating func rename(_ place: Int32, to frame: PageFrame) {
        places[pages[Int(place)].frame] = nil
        pages[Int(place)].frame = frame
        places[frame] = place
    }

    /// Puts a page at the newest end of a list, its own or another.
    mutating func renew(_ place: Int32, on list: LRUKind) {
        unlink(place)
        pages[Int(place)].list = list
        link(place)
    }

    /// Puts a page at the oldest end of its list: it is the next to be looked at.
    mutating func age(_ place: Int32) {
        unlink(place)
        let (node, list) = (pages[Int(place)].node, pages[Int(place)].list.rawValue)
        let oldest = ends[node][list].oldest
        pages[Int(place)].newer = oldest
        pages[Int(place)].older = -1
        if oldest >= 0 { pages[Int(oldest)].older = place } else { ends[node][list].newest = place }
        ends[node][list].oldest = place
        counts[node][list] += 1
    }

    private mutating func link(_ place: Int32) {
        let (node, list) = (pages[Int(place)].node, pages[Int(place)].list.rawValue)
        let newest = ends[node][list].newest
        pages[Int(place)].older = newest
        pages[Int(place)].newer = -1
        if newest >= 0 { pages[Int(newest)].newer = place } else { ends[node][list].oldest = place }
        ends[node][list].newest = place
        counts[node][list] += 1
    }

    private mutating func unlink(_ place: Int32) {
        let page = pages[Int(place)]
        if page.newer >= 0 { pages[Int(page.newer)].older = page.older }
        if page.older >= 0 { pages[Int(page.older)].newer = page.newer }
        let list = page.list.rawValue
        if ends[page.node][list].newest == place { ends[page.node][list].newest = page.older }
        if ends[page.node][list].oldest == place { ends[page.node][list].oldest = page.newer }
        counts[page.node][list] -= 1
    }

    private mutating func countZone(_ page: LRUPage, _ change: Int) {
        if page.list.isFile {
            inZone[page.zone, default: (0, 0)].file += change
        } else {
            inZone[page.zone, default: (0, 0)].anonymous += change
        }
    }
}
