import BuddyEngine
import Topology

extension LRUReclaim {
    /// Pages that the model holds, including slab pages.
    public var heldPages: Int {
        table.total.anonymous + table.total.file + slabPages.values.reduce(0) { $0 + $1.count }
    }

    /// Checks that the lists are consistent, that their pages are in use, and that counts match. For tests.
    public func checkInvariants(in machine: borrowing Machine) throws(InvariantViolation) {
        var seen = 0
        for node in table.nodes.indices {
            for list in LRUKind.allCases { seen += try checkedPages(of: list, node, in: machine) }
        }
        let counted = table.total.anonymous + table.total.file
        guard seen == counted else {
            throw InvariantViolation("the zones count \(counted) pages on LRU lists, which have \(seen)")
        }
    }

    /// Checks one list of a node, and returns its number of pages.
    private func checkedPages(
        of list: LRUKind, _ node: Int, in machine: borrowing Machine
    ) throws(InvariantViolation) -> Int {
        let expected = table.count(node, list)
        var place = table.oldest(node, list)
        var count = 0
        var older: Int32 = -1
        while place >= 0, count <= expected {
            let page = table[place]
            guard page.list == list, page.node == node, page.older == older, table.place(of: page.frame) == place
            else { throw InvariantViolation("page frame \(page.frame) hangs wrong on its LRU list") }
            guard !machine.isOnFreeLists(page.frame) else {
                throw InvariantViolation("page frame \(page.frame) is on an LRU list, and free")
            }
            (older, place) = (place, page.newer)
            count += 1
        }
        guard count == expected else {
            throw InvariantViolation(
                "node \(table.nodes[node]) counts \(expected) pages on LRU list \(list), and has \(count)")
        }
        return count
    }
}
