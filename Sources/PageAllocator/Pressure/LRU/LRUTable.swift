import BuddyEngine
import Topology

/// All pages that a model holds, by page frame and in the order of their lists.
///
/// It uses neither classes nor dictionaries: a call scans hundreds of pages, each of which is taken off one list and
/// put on another.
struct LRUTable: ~Copyable {
    /// The nodes seen so far, by position.
    private(set) var nodes: [NodeID] = []
    private var pages: UnsafeMutablePointer<LRUPage>
    private var capacity = 64
    /// How many places have been used, including those vacant again.
    private var used = 0
    private var vacant: [Int32] = []
    private var places = LRUPlaces()
    /// By node position and list.
    private var lists: [List] = []
    /// By node position and the zone's index.
    private var zones: [ZonePages] = []

    private struct List {
        var newest: Int32 = -1
        var oldest: Int32 = -1
        var count = 0
    }

    /// How many pages of a zone are held.
    struct ZonePages {
        /// Nil if none ever was.
        var zone: ZoneReference?
        var anonymous = 0
        var file = 0
    }

    /// More kinds of zones than any kernel has (`MAX_NR_ZONES`).
    private static let zonesPerNode = 8

    init() { pages = .allocate(capacity: capacity) }

    deinit { pages.deallocate() }

    subscript(place: Int32) -> LRUPage {
        _read { yield pages[Int(place)] }
        _modify { yield &pages[Int(place)] }
    }

    func place(of frame: PageFrame) -> Int32? { places[frame] }

    func count(_ node: Int, _ list: LRUKind) -> Int { lists[node &* 4 &+ list.rawValue].count }

    func oldest(_ node: Int, _ list: LRUKind) -> Int32 { lists[node &* 4 &+ list.rawValue].oldest }

    /// The pages of one zone that are held.
    func pages(in zone: ZoneReference) -> ZonePages { zones.first { $0.zone == zone } ?? ZonePages() }

    /// All pages that are held.
    var total: ZonePages {
        zones.reduce(into: ZonePages()) {
            $0.anonymous += $1.anonymous
            $0.file += $1.file
        }
    }

    /// Every page, in no particular order.
    func forEachPage(_ body: (LRUPage) -> Void) {
        for place in 0..<used where places[pages[place].frame] == Int32(place) { body(pages[place]) }
    }

    mutating func position(of node: NodeID) -> Int {
        if let position = nodes.firstIndex(of: node) { return position }
        nodes.append(node)
        lists += [List](repeating: List(), count: LRUKind.allCases.count)
        zones += [ZonePages](repeating: ZonePages(), count: Self.zonesPerNode)
        return nodes.count - 1
    }

    /// Adds a page as the newest of its list.
    mutating func insert(_ page: LRUPage) {
        let place = vacant.popLast() ?? appended()
        (pages + Int(place)).initialize(to: page)
        places[page.frame] = place
        zones[zoneIndex(place)].zone = page.zone
        countZone(place, 1)
        link(place)
    }

    mutating func remove(_ place: Int32) {
        unlink(place)
        countZone(place, -1)
        places[pages[Int(place)].frame] = nil
        vacant.append(place)
    }

    /// The folio of several clean, unreferenced pages of page cache that begins with this page; nil if this is a folio
    /// of its own, or not all of the folio is held any more.
    func folio(_ place: Int32) -> ReclaimedFolio? {
        let page = pages[Int(place)]
        guard page.folioOrder > 0, page.frame.rawValue & UInt64(page.folioOrder.pages - 1) == 0 else { return nil }
        for index in 0..<page.folioOrder.pages {
            guard let other = places[page.frame + index] else { return nil }
            let part = pages[Int(other)]
            guard part.folioOrder == page.folioOrder, part.list == page.list, !part.isDirty, !part.isReferenced else {
                return nil
            }
        }
        return ReclaimedFolio(first: page.frame, order: page.folioOrder)
    }

    mutating func remove(_ folio: ReclaimedFolio) {
        for index in 0..<folio.order.pages {
            if let place = places[folio.first + index] { remove(place) }
        }
    }

    /// Gives a page another frame. It no longer belongs to a larger folio.
    mutating func rename(_ place: Int32, to frame: PageFrame) {
        pages[Int(place)].folioOrder = 0
        places[pages[Int(place)].frame] = nil
        pages[Int(place)].frame = frame
        places[frame] = place
    }

    /// Puts a page at the newest end of a list, which may be its own.
    mutating func renew(_ place: Int32, on list: LRUKind) {
        unlink(place)
        pages[Int(place)].list = list
        link(place)
    }

    /// Puts a page at the oldest end of its list, where it is looked at next.
    mutating func age(_ place: Int32) {
        unlink(place)
        let list = listIndex(place)
        let oldest = lists[list].oldest
        pages[Int(place)].newer = oldest
        pages[Int(place)].older = -1
        if oldest >= 0 { pages[Int(oldest)].older = place } else { lists[list].newest = place }
        lists[list].oldest = place
        lists[list].count &+= 1
    }

    private func listIndex(_ place: Int32) -> Int {
        pages[Int(place)].node &* 4 &+ pages[Int(place)].list.rawValue
    }

    private mutating func link(_ place: Int32) {
        let list = listIndex(place)
        let newest = lists[list].newest
        pages[Int(place)].older = newest
        pages[Int(place)].newer = -1
        if newest >= 0 { pages[Int(newest)].newer = place } else { lists[list].oldest = place }
        lists[list].newest = place
        lists[list].count &+= 1
    }

    private mutating func unlink(_ place: Int32) {
        let (newer, older) = (pages[Int(place)].newer, pages[Int(place)].older)
        let list = listIndex(place)
        if newer >= 0 { pages[Int(newer)].older = older } else { lists[list].newest = older }
        if older >= 0 { pages[Int(older)].newer = newer } else { lists[list].oldest = newer }
        lists[list].count &-= 1
    }

    private func zoneIndex(_ place: Int32) -> Int {
        pages[Int(place)].node &* Self.zonesPerNode &+ pages[Int(place)].zoneIndex
    }

    private mutating func countZone(_ place: Int32, _ change: Int) {
        let zone = zoneIndex(place)
        if pages[Int(place)].list.isFile { zones[zone].file &+= change } else { zones[zone].anonymous &+= change }
    }

    /// A new place.
    private mutating func appended() -> Int32 {
        if used == capacity {
            let larger = UnsafeMutablePointer<LRUPage>.allocate(capacity: capacity * 2)
            larger.moveInitialize(from: pages, count: used)
            pages.deallocate()
            pages = larger
            capacity *= 2
        }
        used += 1
        return Int32(used - 1)
    }
}
