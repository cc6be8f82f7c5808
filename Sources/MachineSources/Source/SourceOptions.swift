import GFP
import Topology

/// What a user says about a machine beside its source.
public struct SourceOptions: Hashable, Sendable {
    /// The rules of this kernel, whatever the source says.
    public var kernel: KernelVersion?
    /// Changes of the rules: of that kernel's, or of the source's own.
    public var rules: [RuleChange]
    /// For a source that leaves it open.
    public var architecture: Architecture?
    /// Bytes; for a source that leaves it open.
    public var pageSize: Int?
    /// For a source that leaves them open.
    public var distances: DistanceOption?
    /// Of a kernel log with several reports, this one, from 1.
    public var nth: Int?
    /// Made before anything else: what if.
    public var settings: [SettingChange]

    public init(
        kernel: KernelVersion? = nil, rules: [RuleChange] = [], architecture: Architecture? = nil, pageSize: Int? = nil,
        distances: DistanceOption? = nil, nth: Int? = nil, settings: [SettingChange] = []
    ) {
        self.kernel = kernel
        self.rules = rules
        self.architecture = architecture
        self.pageSize = pageSize
        self.distances = distances
        self.nth = nth
        self.settings = settings
    }
}

/// Distances as a person writes them in one line: `21` for all remote ones, or rows as in `10,21;21,10`.
public struct DistanceOption: Hashable, Sendable {
    /// One row of one value: all remote distances.
    public let rows: [[UInt8]]

    /// - Throws: ``SourceRefusal`` for anything else.
    public init(_ text: String) throws(SourceRefusal) {
        var rows: [[UInt8]] = []
        for line in text.split(whereSeparator: { $0 == ";" || $0 == "/" || $0 == "\n" }) {
            var row: [UInt8] = []
            for word in line.split(whereSeparator: { $0 == "," || $0 == " " }) {
                guard let distance = UInt8(word), distance >= 10 else {
                    throw SourceRefusal(
                        "--distances \(text): \"\(word)\" is not a distance: 10 is a node itself, 11 to 254 are others")
                }
                row.append(distance)
            }
            rows.append(row)
        }
        guard !rows.isEmpty, rows.allSatisfy({ $0.count == rows.count }) else {
            throw SourceRefusal(
                "--distances \(text): write one number for all remote distances, or a row for each node with as many "
                    + "distances as there are rows, as in 10,21;21,10")
        }
        self.rows = rows
    }

    /// - Throws: ``SourceRefusal`` if the rows are not of as many nodes.
    func matrix(of nodes: [NodeID]) throws(SourceRefusal) -> DistanceMatrix {
        if rows.count == 1, nodes.count != 1 { return DistanceMatrix(nodes: nodes, remote: rows[0][0]) }
        guard rows.count == nodes.count else {
            throw SourceRefusal("--distances: there are \(nodes.count) nodes and \(rows.count) rows")
        }
        return DistanceMatrix(nodes: nodes, rows: rows)
    }
}
