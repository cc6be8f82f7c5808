import Topology

/// The output of util-linux's `lsmem`, as a table or as pairs (`-P`), or of the older one of s390-tools: ranges of memory,
/// with their nodes and zones if those columns were asked for.
public struct LSMemText: Hashable, Sendable {
    /// Online memory, ascending.
    public var ranges: [Range] = []
    /// Offline memory, which is present but not used, ascending.
    public var offline: [Range] = []
    /// "Total online memory" in bytes, as rounded in the output; nil: not stated.
    public var onlineTotal: UInt64?

    /// A range of memory.
    public struct Range: Hashable, Sendable {
        /// The addresses, with an exclusive end.
        public var bytes: Swift.Range<UInt64>
        /// The node; nil without a column NODE.
        public var node: NodeID?
        /// Whether all of it is in ZONE_MOVABLE, by the column ZONES.
        public var isMovable = false
    }

    /// Reads the lines that it understands: those that begin with a range of addresses, and the sum below them.
    public init(_ text: String) {
        var names: [Substring] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let fields = line.split(separator: " ")
            if fields.contains("RANGE") {
                names = fields
            } else if line.hasPrefix("Total online memory:") {
                onlineTotal = fields.last.flatMap(Self.size)
            } else if fields.contains(where: { $0.hasPrefix("RANGE=") }) {
                addPairs(fields)
            } else {
                add(fields, names)
            }
        }
        ranges.sort { $0.bytes.lowerBound < $1.bytes.lowerBound }
        offline.sort { $0.bytes.lowerBound < $1.bytes.lowerBound }
    }

    /// Reads a line such as `RANGE="0x0-0x7fffffff" STATE="online" NODE="0"`.
    private mutating func addPairs(_ fields: [Substring]) {
        let pairs = fields.map { $0.split(separator: "=", maxSplits: 1) }.filter { $0.count == 2 }
        add(pairs.map { $0[1].filter { $0 != "\"" }[...] }, pairs.map { $0[0] })
    }

    /// Reads a range from its fields.
    ///
    /// - Parameters:
    ///   - fields: The fields of the line.
    ///   - names: The names of the columns; empty for a table without a headline.
    private mutating func add(_ fields: [Substring], _ names: [Substring]) {
        guard let bytes = fields.lazy.compactMap(Self.addresses).first else { return }
        func field(_ name: String) -> Substring? {
            names.firstIndex { $0 == name }.flatMap { fields.indices.contains($0) ? fields[$0] : nil }
        }
        let node = field("NODE").flatMap { Int($0) }.flatMap { (0..<NodeID.limit).contains($0) ? NodeID($0) : nil }
        let range = Range(bytes: bytes, node: node, isMovable: field("ZONES") == "Movable")
        // Without the column STATE, offline memory shows only with `-a`, and is then assumed to be online.
        if fields.contains(where: { $0 == "offline" || $0 == "going-offline" }) {
            offline.append(range)
        } else {
            ranges.append(range)
        }
    }

    /// A size such as `503.9G`, which is rounded to one decimal and need not be a whole number of bytes.
    private static func size(_ field: Substring) -> UInt64? {
        let shifts: [Character: Int] = ["B": 0, "K": 10, "M": 20, "G": 30, "T": 40, "P": 50]
        guard let unit = field.last, let number = Double(field.prefix { $0.isNumber || $0 == "." }), number >= 0,
            let shift = unit.isNumber ? 0 : shifts[unit]
        else { return nil }
        return UInt64(exactly: (number * Double(1 << shift)).rounded())
    }

    /// A range such as `0x0000000100000000-0x000000013fffffff`, including its last byte.
    private static func addresses(_ field: Substring) -> Swift.Range<UInt64>? {
        let ends = field.split(separator: "-")
        guard ends.count == 2, ends.allSatisfy({ $0.hasPrefix("0x") }),
            let low = UInt64(ends[0].dropFirst(2), radix: 16),
            let high = UInt64(ends[1].dropFirst(2), radix: 16), low < high, high < .max
        else { return nil }
        return low..<high + 1
    }
}
