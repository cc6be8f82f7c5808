import BuddyEngine
import SourceText

extension Topology {
    /// The most address bits that processors have.
    static let addressBits = 52

    func memoryProblems() -> [SourceProblem] {
        let ranges = nodes.enumerated().flatMap { index, node in
            node.memory.indices.map { MemoryRange(frames: node.memory[$0], node: index, position: $0) }
        }
        var problems: [SourceProblem] = []
        let highest = (1 as UInt64) << Self.addressBits / UInt64(max(pageSize, 1))
        for range in ranges {
            if range.frames.isEmpty {
                problems.append(.init(at: range.path, "this range is empty: omit it, or give it a size"))
            } else if range.frames.upperBound.rawValue > highest {
                problems.append(
                    .init(
                        at: range.path,
                        "this memory ends beyond the \(Self.addressBits) address bits that processors have"))
            }
        }

        var last: MemoryRange?
        for range in ranges.filter({ !$0.frames.isEmpty }).sorted(by: MemoryRange.isBelow) {
            if let last, range.frames.lowerBound < last.frames.upperBound {
                let common = range.frames.clamped(to: last.frames)
                let owner =
                    last.node == range.node ? "another range of the same node" : "node \(nodes[last.node].id)'s memory"
                problems.append(.init(at: range.path, "\(text(common)) is \(owner) already: ranges may not overlap"))
            }
            if range.frames.upperBound > last?.frames.upperBound ?? 0 { last = range }
        }

        if let usableEnd {
            for range in ranges where range.frames.upperBound > usableEnd {
                problems.append(
                    .init(
                        .warning, at: range.path,
                        "\(architecture.rawValue) cannot use what lies from 0x"
                            + "\(String(usableEnd.rawValue &* UInt64(max(pageSize, 1)), radix: 16)) on: "
                            + (architecture == .i386
                                ? "\(Architecture.i386pae.rawValue) reaches 64 GiB" : "give a 64-bit architecture")))
            }
        }

        let memory = nodes.flatMap(\.memory).normalized()
        for (index, range) in reserved.enumerated() {
            let path: JSONPath = ["reserved", .index(index)]
            if range.isEmpty {
                problems.append(.init(at: path, "this range is empty: omit it, or give it a size"))
            } else if memory.clamped(to: range).isEmpty {
                problems.append(
                    .init(.warning, at: path, "\(text(range)) belongs to no node: nothing is reserved there"))
            }
        }
        return problems + contiguousAreaProblems(memory)
    }

    private func contiguousAreaProblems(_ memory: [Range<PageFrame>]) -> [SourceProblem] {
        guard (1...Self.highestOrder).contains(pageblockOrder) else { return [] }
        let block = UInt64(pageblockOrder.pages)
        var problems: [SourceProblem] = []
        var seen: [Range<PageFrame>] = []
        for (index, area) in contiguousAreas.enumerated() {
            let path: JSONPath = ["contiguousAreas", .index(index)]
            if area.isEmpty {
                problems.append(.init(at: path, "this range is empty: omit it, or give it a size"))
            } else if area.lowerBound.rawValue % block != 0 || area.upperBound.rawValue % block != 0 {
                let size = ByteSize(bytes: block &* UInt64(max(pageSize, 1)))
                problems.append(
                    .init(at: path, "\(text(area)) is not whole pageblocks: begin and end at a multiple of \(size)"))
            } else if seen.contains(where: { $0.overlaps(area) }) {
                problems.append(.init(at: path, "\(text(area)) overlaps another area"))
            } else if memory.clamped(to: area).isEmpty {
                problems.append(
                    .init(.warning, at: path, "\(text(area)) belongs to no node: nothing is set aside there"))
            }
            seen.append(area)
        }
        return problems
    }

    /// A range as byte addresses, in the form of `/proc/iomem`.
    func text(_ range: Range<PageFrame>) -> String {
        let size = UInt64(max(pageSize, 1))
        let first = String(range.lowerBound.rawValue &* size, radix: 16)
        return "0x\(first)-0x\(String(range.upperBound.rawValue &* size &- 1, radix: 16))"
    }

    private struct MemoryRange {
        var frames: Range<PageFrame>
        var node: Int
        var position: Int

        var path: JSONPath { ["nodes", .index(node), "memory", .index(position)] }

        static func isBelow(_ left: Self, _ right: Self) -> Bool {
            (left.frames.lowerBound, left.node, left.position) < (right.frames.lowerBound, right.node, right.position)
        }
    }
}
