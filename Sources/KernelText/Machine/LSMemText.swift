import Topology

/// What `lsmem` of util-linux prints: ranges of memory, with their nodes where that column was asked for.
public struct LSMemText: Hashable, Sendable {
    /// What is on-line, ascending.
    public var ranges: [Range] = []
    /// What is off-line, ascending: there, and not used.
    public var offline: [Range] = []

    public struct Range: Hashable, Sendable {
        /// The end is the byte after the last.
        public var bytes: Swift.Range<UInt64>
        /// nil: the column NODE is not there.
        public var node: NodeID?
    }

    /// Reads what it understands: lines that begin with a range of addresses.
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
