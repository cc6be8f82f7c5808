import BuddyEngine
import GFP
import PageAllocator
import Topology

/// A fact about a machine that a form may state.
package enum MachineFact: String, CaseIterable, Hashable, Sendable {
    case nodeCount = "how many nodes there are, and how many CPUs each has"
    case numbers = "the numbers of nodes and CPUs"
    case distances = "distances between nodes"
    case sizesToMiB = "the memory of each node, to a MiB"
    case sizes = "the memory of each node, to a page"
    case wholeMiB = "all memory of each node, firmware's part too, in whole MiB"
    case addresses = "where memory lies"
    case architecture = "the architecture"
    case kernel = "the kernel's version"
    case pageSize = "the page size"
    case zones = "zones: addresses, sizes, contiguous areas"
    case fallback = "zonelists"
    case marks = "watermarks and reserves"
    case settings = "settings (sysctls)"
    case freeOfNodes = "free memory of each node, to a MiB"
    case blocks = "free blocks by order"
    case types = "free blocks by type"

    /// The fact as a text, which is equal for machines that agree in it.
    ///
    /// - Parameters:
    ///   - machine: The machine as read.
    ///   - built: The same machine at run time.
    package func value(in machine: SourcedMachine, _ built: borrowing Machine) -> String {
        let topology = machine.snapshot.topology
        switch self {
        case .nodeCount: return "\(topology.nodes.map(\.cpus.count))"
        case .numbers: return Self.joined(topology.nodes.map { "\($0.id): \($0.cpus.map(\.rawValue))" })
        case .distances: return "\(topology.distances.rows)"
        case .sizesToMiB: return "\(machine.sizes.map { $0 >> 20 })"
        case .sizes: return "\(machine.sizes)"
        case .wholeMiB: return "\(topology.nodes.map { machine.wholeMiB(of: $0) })"
        case .addresses:
            return Self.joined(topology.nodes.map { "\($0.id): \(topology.presentMemory(of: $0))" })
        case .architecture: return topology.architecture.rawValue
        case .kernel: return topology.kernel.description
        case .pageSize: return "\(topology.pageSize)"
        case .zones:
            return Self.joined(
                machine.zoneSpans.filter { $0.present > 0 }.map {
                    "\($0.reference) \($0.start.rawValue)+\($0.spanned) \($0.present) \($0.managed) \($0.cma)"
                })
        case .fallback:
            return Self.joined(
                topology.nodes.map { node in "\(node.id): \(built.zonelist(of: node.id).map { "\($0)" })" })
        case .settings: return "\(built.minFreeKbytes) \(topology.sysctls)"
        case .marks: return Self.marks(built)
        case .freeOfNodes: return Self.freeOfNodes(built)
        case .blocks, .types: return Self.blocks(built, byType: self == .types)
        }
    }

    private static func joined(_ parts: [String]) -> String { parts.joined(separator: "; ") }

    private static func marks(_ built: borrowing Machine) -> String {
        joined(
            built.snapshot().zones.map { zone in
                let marks = zone.watermarks.map { "\($0.min) \($0.low) \($0.high)" } ?? ""
                return "\(zone.span.reference): \(marks) \((zone.lowmemReserve ?? []).prefix(built.zoneKinds.count))"
            })
    }

    private static func freeOfNodes(_ built: borrowing Machine) -> String {
        var pages: [NodeID: Int] = [:]
        for index in 0..<built.zoneCount {
            built.withZone(index) { pages[$0.node, default: 0] += $0.buddy.freePages }
        }
        let size = built.topology.pageSize
        return joined(pages.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value * size >> 20)" })
    }

    private static func blocks(_ built: borrowing Machine, byType: Bool) -> String {
        let orders = (0...built.topology.maximumOrder.rawValue).map { Order($0) }
        return joined(
            (0..<built.zoneCount).map { index in
                built.withZone(index) { zone in
                    let counts = orders.map { order in
                        byType
                            ? "\(Migratetype.allCases.map { zone.buddy.freeBlocks(order, type: $0) })"
                            : "\(zone.buddy.freeBlocks(order))"
                    }
                    return "\(zone.reference): \(counts.joined(separator: " "))"
                }
            })
    }
}
