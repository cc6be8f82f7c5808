import SourceText
import Topology

extension SourceFormat {
    /// The part "NUMA Topology" of `likwid-topology`.
    static let likwid = SourceFormat(
        name: "likwid-topology's output", accepted: "the output of likwid-topology",
        recognises: { input in
            input.file != nil && input.head.contains("NUMA Topology") && input.head.contains("Processors:")
                && input.head.contains("Total memory:")
        },
        load: { input in
            var facts = MachineFacts(name: input.name)
            facts.title = input.name
            facts.addLikwid(String(decoding: input.bytes, as: UTF8.self))
            guard !facts.nodes.isEmpty else {
                throw SourceRefusal("\(input.name): likwid-topology's output has no NUMA domain that could be read")
            }
            return SourcePart(facts: facts, kind: "the output of likwid-topology", name: input.name)
        })
}

extension MachineFacts {
    /// Reads `Domain:`, `Processors: ( 0 1 )`, `Distances: 10 21`, `Free memory: 1.5 MB` and `Total memory: 2.5 MB`.
    fileprivate mutating func addLikwid(_ text: String) {
        var rows: [[UInt8]] = []
        for line in text.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let words = line[line.index(after: colon)...].split(whereSeparator: \.isWhitespace)
            switch line[..<colon].trimmed {
            case "Domain":
                guard let id = words.first.flatMap({ Int($0) }), (0..<NodeID.limit).contains(id),
                    !nodes.contains(where: { $0.id == NodeID(id) })
                else { continue }
                nodes.append(NodeFacts(id: NodeID(id)))
                rows.append([])
            case "Processors":
                if let last = nodes.indices.last {
                    let numbers = words.compactMap { UInt32($0) }.filter { $0 < 1 << 16 }
                    nodes[last].cpus = numbers.map { CPUID(rawValue: $0) }
                }
            case "Distances":
                if let last = rows.indices.last { rows[last] = words.compactMap { UInt8($0) } }
            case "Free memory":
                if let last = nodes.indices.last { nodes[last].free = Self.mebibytes(words) }
            case "Total memory":
                if let last = nodes.indices.last {
                    nodes[last].size = Self.mebibytes(words)
                    nodes[last].sizeOmitsFirmware = true
                }
            default: continue
            }
        }
        let ids = nodes.map(\.id)
        if !ids.isEmpty, ids == ids.sorted(), rows.allSatisfy({ $0.count == ids.count }) {
            distances = DistanceMatrix(nodes: ids, rows: rows)
        }
        note("memory is as large as the sizes say, in MiB with few digits; its addresses are assumed.")
    }

    private static func mebibytes(_ words: [Substring]) -> Int? {
        guard let value = words.first.flatMap({ Double($0) }), value >= 0, value < 1e12 else { return nil }
        let unit: Double = words.dropFirst().first == "GB" ? 1_073_741_824 : 1_048_576
        return Int(exactly: (value * unit).rounded(.down))
    }
}
