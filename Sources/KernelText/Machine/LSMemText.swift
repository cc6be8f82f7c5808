import Topology

/// The output of util-linux's `lsmem`: ranges of memory, with their nodes if that column was asked for.
public struct LSMemText: Hashable, Sendable {
    /// Online memory, ascending.
    public var ranges: [Range] = []
    /// Offline memory, which is present but not used, ascending.
    public var offline: [Range] = []

    /// A range of memory.
    public struct Range: Hashable, Sendable {
        /// The addresses, with an exclusive end.
        public var bytes: Swift.Range<UInt64>
        /// The node; nil without a column NODE.
        public var node: NodeID?
    }

    /// Reads the lines that it understands: those that begin with a range of addresses.
    public init(_ text: String) {
        var column: Int?
        for line in text.split(whereSeparator: \.isNewline) {
            let fields = line.split(separator: " ")
            if fields.first == "RANGE" {
                column = fields.firstIndex(of: "NODE")
                continue
            }
            let isOnline = fields.contains("online")
            guard let ends = fields.first?.split(separator: "-"), ends.count == 2,
                isOnline || fields.contains("offline"),
                ends.allSatisfy({ $0.hasPrefix("0x") }), let low = UInt64(ends[0].dropFirst(2), radix: 16),
                let high = UInt64(ends[1].dropFirst(2), radix: 16), low < high, high < .max
            else { continue }
            let node = column.flatMap { fields.indices.contains($0) ? Int(fields[$0]) : nil }
            let range = Range(
                bytes: low..<high + 1, node: node.flatMap { (0..<NodeID.limit).contains($0) ? NodeID($0) : nil })
            if isOnline { ranges.append(range) } else { offline.append(range) }
        }
        ranges.sort { $0.bytes.lowerBound < $1.bytes.lowerBound }
        offline.sort { $0.bytes.lowerBound < $1.bytes.lowerBound }
    }
}
