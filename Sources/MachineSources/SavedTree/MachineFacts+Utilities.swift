import KernelText
import Topology

/// Facts from util-linux's `lscpu` and `lsmem`.
extension MachineFacts {
    /// Reads the nodes and their CPUs, including nodes without CPUs.
    mutating func readLSCPU(_ bytes: [UInt8]) {
        let text = LSCPUText(String(decoding: bytes, as: UTF8.self))
        var other = MachineFacts(name: "lscpu")
        other.nodes = text.nodes.map { NodeFacts(id: $0.node, cpus: $0.cpus) }
        other.architecture = text.architecture.map(Self.architecture(named:))
        other.onlineCPUs = text.online
        if let count = text.nodeCount, !text.nodes.isEmpty, count != text.nodes.count {
            note(
                "lscpu counts \(count) nodes and lists the CPUs of \(text.nodes.count); those listed are taken.",
                .contradiction)
        }
        fill(from: other)
    }

    /// Reads where memory is from `lsmem`; with a column NODE, also on which node.
    mutating func readLSMem(_ bytes: [UInt8]) {
        let text = LSMemText(String(decoding: bytes, as: UTF8.self))
        noteOffline(text)
        guard !text.ranges.isEmpty else {
            memoryTotal = memoryTotal ?? text.onlineTotal.flatMap { Int(exactly: $0) }
            return
        }
        if text.ranges.allSatisfy({ $0.node != nil }) {
            var other = MachineFacts(name: "lsmem")
            for node in Set((text.ranges + text.offline).compactMap(\.node)).sorted() {
                let own = text.ranges.filter { $0.node == node }
                var facts = NodeFacts(id: node, ranges: own.map(\.bytes))
                facts.movableStart = Self.movableStart(own.map { ($0.bytes, $0.isMovable) })
                other.nodes.append(facts)
            }
            fill(from: other)
        } else if memoryMap == nil {
            memoryMap = IOMemoryText(
                entries: text.ranges.map {
                    IOMemoryText.Entry(start: $0.bytes.lowerBound, end: $0.bytes.upperBound - 1, name: "System RAM")
                })
        }
    }

    private mutating func noteOffline(_ text: LSMemText) {
        let sizes = Dictionary(grouping: text.offline, by: \.node).mapValues { ranges in
            ranges.reduce(UInt64(0)) { $0 &+ ($1.bytes.upperBound - $1.bytes.lowerBound) } >> 20
        }
        for (node, size) in sizes.sorted(by: { ($0.key ?? 0) < ($1.key ?? 0) }) {
            let place = node.map { " of node \($0)" } ?? ""
            note("\(size) MiB\(place) are off-line (lsmem), and no part of the machine.", .used)
        }
    }

    /// The address at which a node's movable memory begins, if everything above it is in ZONE_MOVABLE.
    ///
    /// - Parameters:
    ///   - ranges: The node's ranges, ascending.
    static func movableStart(_ ranges: [(bytes: Range<UInt64>, isMovable: Bool)]) -> UInt64? {
        ranges.reversed().prefix { $0.isMovable }.last?.bytes.lowerBound
    }
}
