import GFP
import Topology

/// What a user states about a machine besides its source.
public struct SourceOptions: Hashable, Sendable {
    /// The kernel whose rules apply, whatever the source says.
    public var kernel: KernelVersion?
    /// Changes of rules: of that kernel's, or of the source's own.
    public var rules: [RuleChange]
    /// For a source that does not state it.
    public var architecture: Architecture?
    /// In bytes, for a source that does not state it.
    public var pageSize: Int?
    /// For a source that does not state them.
    public var distances: DistanceOption?
    /// Which report of a kernel log to use, from 1.
    public var nth: Int?
    /// Settings to change before anything else.
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

/// Distances in one line: `21` for all remote ones, or rows such as `10,21;21,10`.
public struct DistanceOption: Hashable, Sendable {
    /// The rows; a single value stands for all remote distances.
    public let rows: [[UInt8]]

    /// Reads distances.
    ///
    /// - Throws: ``SourceRefusal`` for any other form.
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

    /// The distances as a matrix.
    ///
    /// - Throws: ``SourceRefusal`` if the number of rows is not that of the nodes.
    func matrix(of nodes: [NodeID]) throws(SourceRefusal) -> DistanceMatrix {
        if rows.count == 1, nodes.count != 1 { return DistanceMatrix(nodes: nodes, remote: rows[0][0]) }
        guard rows.count == nodes.count else {
            throw SourceRefusal("--distances: there are \(nodes.count) nodes and \(rows.count) rows")
        }
        return DistanceMatrix(nodes: nodes, rows: rows)
    }
}
