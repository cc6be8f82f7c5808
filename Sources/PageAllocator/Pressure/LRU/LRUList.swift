import BuddyEngine
import Topology

/// The lists of a node's pages that reclaim scans (`enum lru_list`).
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
    /// Position in `LRUReclaim.processes`; -1: it belongs to no process.
    var owner: Int32
    /// The order of its folio; 0 if it is a folio of its own.
    var folioOrder: Order = 0
}

/// Pages that reclaim frees as one block.
struct ReclaimedFolio {
    var first: PageFrame
    var order: Order
}
