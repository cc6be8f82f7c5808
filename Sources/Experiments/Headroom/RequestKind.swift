import BuddyEngine
import GFP
import PageAllocator

/// A kind of request of which one wants to know how many more would be served.
public struct RequestKind: Hashable, Sendable {
    /// As tables call it.
    public var name: String
    public var gfp: GFPFlags
    public var order: Order

    public init(name: String, gfp: GFPFlags, order: Order) {
        self.name = name
        self.gfp = gfp
        self.order = order
    }

    /// Those that matter on a machine: interrupts' (GFP_ATOMIC, order 0 and 3), the kernel's of every order, a transparent huge
    /// page's and one's of hugetlbfs.
    public static func all(on machine: borrowing Machine) -> [RequestKind] {
        var kinds = [0, 3].map { order in
            RequestKind(name: "GFP_ATOMIC, order \(order)", gfp: .GFP_ATOMIC, order: Order(rawValue: order))
        }
        kinds += (0...machine.maximumOrder.rawValue).map { order in
            RequestKind(name: "GFP_KERNEL, order \(order)", gfp: .GFP_KERNEL, order: Order(rawValue: order))
        }
        let huge = machine.topology.pageblockOrder
        kinds.append(RequestKind(name: "transparent huge page", gfp: .GFP_TRANSHUGE_LIGHT, order: huge))
        // `htlb_alloc_mask` and `alloc_buddy_hugetlb_folio`, mm/hugetlb.c, 6.12.
        let pool: GFPFlags = [.GFP_HIGHUSER_MOVABLE, .comp, .noWarn, .retryMayFail]
        kinds.append(RequestKind(name: "hugetlb page", gfp: pool, order: huge))
        return kinds.filter { $0.order <= machine.maximumOrder }
    }
}
