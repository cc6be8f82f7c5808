import BuddyEngine
import Topology

extension BuddyInfoText {
    /// What the kernel would print of a machine's free blocks. Zones without pages are omitted, as the kernel does.
    public init(_ snapshot: Snapshot) {
        let orders = Int(snapshot.topology.maximumOrder.rawValue) + 1
        self.init(
            rows: snapshot.zones.filter { $0.span.present > 0 }.map { zone in
                Row(node: zone.span.node, zone: zone.span.kind.kernelName, counts: zone.free.totals(orders: orders))
            })
    }
}

extension FreePages {
    /// Free blocks of all types, by order.
    fileprivate func totals(orders: Int) -> [Int] {
        var totals = [Int](repeating: 0, count: orders)
        switch self {
        case .counts(let counts):
            for (order, count) in counts.enumerated().prefix(orders) { totals[order] = count.total }
        case .lists(let lists):
            for list in lists where Int(list.order.rawValue) < orders {
                totals[Int(list.order.rawValue)] += list.runs.reduce(0) { $0 + $1.count }
            }
        }
        return totals
    }
}
