import BuddyEngine
import GFP
import Topology

/// `/proc/buddyinfo`: how many blocks of each order are free in each zone (`frag_show_print`, mm/vmstat.c).
public struct BuddyInfoText: KernelTextFile {
    /// One row for each zone with pages, in order of the text.
    public var rows: [Row]
    /// What was odd about the text, one sentence each.
    public var notes: [String]

    /// The free blocks of a zone.
    public struct Row: Hashable, Sendable {
        /// The zone's node.
        public var node: NodeID
        /// The zone's name.
        public var zone: String
        /// Free blocks by order.
        public var counts: [Int]

        public init(node: NodeID, zone: String, counts: [Int]) {
            self.node = node
            self.zone = zone
            self.counts = counts
        }

        /// The kind of zone; nil for an unknown name.
        public var kind: ZoneKind? { ZoneKind(kernelName: zone) }

        /// Free pages in all blocks.
        public var pages: Int {
            counts.enumerated().reduce(0) { $0 &+ $1.element &<< $1.offset }
        }
    }

    public init(rows: [Row], notes: [String] = []) {
        self.rows = rows
        self.notes = notes
    }

    /// The highest order with a column; nil for a text without rows.
    public var maximumOrder: Order? { rows.first.map { Order($0.counts.count - 1) } }
}

extension BuddyInfoText {
    public init(parsing bytes: [UInt8], name: String) throws(KernelTextError) {
        var rows: [Row] = []
        var notes: [String] = []
        let lines = KernelTextLines(bytes, file: name)
        try lines.read(notes: &notes) { line, notes throws(KernelTextError) in
            guard let (node, zone, rest) = try line.zoneHeader() else {
                if !line.fields.isEmpty { notes.append(line.leftOut(of: "buddyinfo")) }
                return
            }
            guard (1...Order.mostColumns).contains(rest.count) else {
                throw line.error("\(rest.count) orders; expected 1 to \(Order.mostColumns) numbers of free blocks")
            }
            var row = Row(node: node, zone: zone, counts: [])
            for field in rest { row.counts.append(try line.freeBlocks(field, order: row.counts.count)) }
            if let first = rows.first, first.counts.count != row.counts.count {
                throw line.error(
                    "\(row.counts.count) orders where the line of node \(first.node), zone \(first.zone) has "
                        + "\(first.counts.count)")
            }
            if rows.contains(where: { $0.node == node && $0.zone == zone }) {
                throw line.error("zone \(zone) of node \(node) appears a second time")
            }
            rows.append(row)
        }
        guard !rows.isEmpty else {
            throw KernelTextError(
                file: name, problem: "no zone in it; expected lines such as 'Node 0, zone   Normal      1      0 ...'")
        }
        self.init(rows: rows, notes: notes)
    }

    public var text: String {
        var text = ""
        for row in rows {
            text += "Node \(row.node), zone \(KernelFormat.right(row.zone, 8)) "
            for count in row.counts { text += KernelFormat.right(count, 6) + " " }
            text += "\n"
        }
        return text
    }
}
