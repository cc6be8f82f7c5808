import BuddyEngine
import SourceText

extension TopologyReader {
    static let nodeKeys = ["id", "cpus", "memory", "hotpluggable", "movableStart"]

    /// Reads the nodes in order of ID, and the position of each in the text.
    mutating func readNodes(
        _ value: JSONValue?, in root: JSONValue, layout: MemoryLayoutRule
    ) -> (nodes: [Topology.Node], positions: [Int]) {
        guard let value else { return ([], []) }
        guard let elements = value.array else {
            shapes.report(value, "nodes are a list in brackets, not \(value.kindName)")
            skipped = [.totals, .distances, .derived]
            return ([], [])
        }
        var read: [(node: Topology.Node, position: Int)] = []
        var layout = layout
        var numbers = Numbering()
        for (position, element) in elements.enumerated() {
            guard let node = node(element, &numbers, &layout) else {
                skipped.formUnion([.totals, .distances])
                continue
            }
            if read.contains(where: { $0.node.id == node.id }) { skipped.insert(.distances) }
            read.append((node, position))
        }
        read.sort { ($0.node.id, $0.position) < ($1.node.id, $1.position) }
        return (read.map(\.node), read.map(\.position))
    }

    /// The numbers of the next node and CPU if the text gives none.
    private struct Numbering {
        var node = 0
        var cpu = 0
    }

    private mutating func node(
        _ value: JSONValue, _ numbers: inout Numbering, _ layout: inout MemoryLayoutRule
    ) -> Topology.Node? {
        guard let object = shapes.object(value, keys: Self.nodeKeys, what: "a node") else { return nil }
        var id = numbers.node
        if let given = object["id"] {
            guard let number = shapes.integer(given) else { return nil }
            guard (0..<NodeID.limit).contains(number) else {
                shapes.report(given, "\(number) is not a node number: use 0 to \(NodeID.limit - 1)")
                return nil
            }
            id = number
        }
        guard id < NodeID.limit else {
            shapes.report(value, "there are more than \(NodeID.limit) nodes")
            return nil
        }
        numbers.node = id + 1
        let cpus = object["cpus"].map { cpuList($0, next: numbers.cpu) } ?? []
        numbers.cpu = max(numbers.cpu, (cpus.last ?? -1) + 1)
        return Topology.Node(
            id: NodeID(id), cpus: cpus.map { CPUID($0) },
            memory: object["memory"].map { memory($0, &layout) } ?? [],
            isHotPluggable: object["hotpluggable"].flatMap { shapes.flag($0) } ?? false,
            movableStart: object["movableStart"].flatMap { size($0) }.map { PageFrame($0 / UInt64(layout.pageSize)) })
    }

    /// Reads a list in the kernel's format, a JSON list of numbers, or a number of CPUs that follow those of the nodes
    /// before.
    private mutating func cpuList(_ value: JSONValue, next: Int) -> [Int] {
        switch value.kind {
        case .integer(let count):
            guard let count = Int(exactly: count), (0...CPUID.limit - next).contains(count) else {
                shapes.report(
                    value, "\(shapes.describe(value)) is not a number of CPUs: a machine has up to \(CPUID.limit)")
                break
            }
            return Array(next..<(next + count))
        case .string(let text):
            do throws(NumberList.Invalid) {
                return try NumberList.parse(text, below: CPUID.limit)
            } catch {
                shapes.report(value, error.description)
            }
        case .array(let elements):
            let numbers = elements.compactMap { shapes.integer($0) }
            if let wrong = numbers.first(where: { !(0..<CPUID.limit).contains($0) }) {
                shapes.report(value, "\(wrong) is not a CPU number: use 0 to \(CPUID.limit - 1)")
            } else if numbers.count == elements.count {
                if Set(numbers).count < numbers.count { shapes.report(value, "a CPU is named twice") }
                return Set(numbers).sorted()
            }
        default:
            shapes.report(value, "CPUs are a text such as \"0-15,32-47\" or a count, not \(value.kindName)")
        }
        skipped.insert(.totals)
        return []
    }

    mutating func distances(_ value: JSONValue, nodes: [NodeID]) -> DistanceMatrix? {
        // If a node could not be read, the expected number of rows is unknown.
        let knowsNodes = !skipped.contains(.distances)
        switch value.kind {
        case .integer:
            return distance(value).map { DistanceMatrix(nodes: nodes, remote: $0) }
        case .object:
            guard let object = shapes.object(value, keys: ["local", "remote"], what: "a pair of distances") else {
                break
            }
            let local = object["local"].map { distance($0) } ?? 10
            let remote = object["remote"].map { distance($0) } ?? 20
            if let local, let remote { return DistanceMatrix(nodes: nodes, local: local, remote: remote) }
        case .array(let rows) where knowsNodes:
            if rows.count != nodes.count {
                shapes.report(
                    value,
                    "there are \(nodes.count) nodes, but \(rows.count) rows of distances: give a row for each node")
            }
            var matrix: [[UInt8]] = []
            for row in rows {
                guard let columns = row.array else {
                    shapes.report(row, "a row is a list of distances in brackets, not \(row.kindName)")
                    continue
                }
                if columns.count != nodes.count {
                    shapes.report(row, "there are \(nodes.count) nodes, but \(columns.count) distances in this row")
                }
                matrix.append(columns.compactMap { distance($0) })
            }
            if matrix.count == nodes.count, matrix.allSatisfy({ $0.count == nodes.count }) {
                return DistanceMatrix(nodes: nodes, rows: matrix)
            }
        case .array:
            break
        default:
            shapes.report(
                value, "distances are one number for all remote ones, or a list of rows, not \(value.kindName)")
        }
        skipped.insert(.distances)
        return nil
    }

    private mutating func distance(_ value: JSONValue) -> UInt8? {
        guard let number = value.int, let distance = UInt8(exactly: number) else {
            shapes.report(
                value, "\(shapes.describe(value)) is not a distance: use 10 for a node itself and 11 to 254 for others")
            return nil
        }
        return distance
    }
}
