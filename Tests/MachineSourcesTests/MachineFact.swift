import BuddyEngine
@testable import MachineSources
import PageAllocator
import Topology

/// Something that a form says of a machine, or does not.
enum MachineFact: String, CaseIterable {
    case nodeCount = "how many nodes, and how many CPUs each has"
    case numbers = "numbers of nodes and CPUs"
    case distances = "distances"
    case architecture = "architecture"
    case kernel = "kernel release"
    case pageSize = "page size"
    case roundedSizes = "sizes of nodes, in MiB"
    case sizes = "sizes of nodes"
    case memory = "where memory lies"
    case zones = "zones"
    case fallback = "fallback order"
    case marks = "marks and reserves"
    case settings = "settings (sysctls)"
    case free = "free memory of nodes, in MiB"
    case blocks = "free blocks by order"
    case types = "free blocks by type"

    /// What a machine has of it, to be compared with what another has.
    func value(in machine: SourcedMachine, _ built: borrowing Machine) -> String {
        let topology = machine.snapshot.topology
        let page = topology.pageSize
        switch self {
        case .nodeCount: return "\(topology.nodes.map(\.cpus.count))"
        case .numbers: return topology.nodes.map { "\($0.id): \($0.cpus.map(\.rawValue))" }.joined(separator: "; ")
        case .distances: return "\(topology.distances.rows)"
        case .architecture: return topology.architecture.rawValue
        case .kernel: return "\(topology.kernel)"
        case .pageSize: return "\(page)"
        case .roundedSizes: return "\(topology.nodes.map { machine.managedBytes(of: $0) >> 20 })"
        case .sizes: return "\(topology.nodes.map { machine.managedBytes(of: $0) })"
        case .memory:
            return topology.nodes.map { node in
                "\(node.id): "
                    + topology.presentMemory(of: node).map {
                        "\($0.lowerBound.rawValue * UInt64(page))-\($0.upperBound.rawValue * UInt64(page))"
                    }.joined(separator: ",")
            }.joined(separator: "; ")
        case .zones:
            return machine.zoneSpans.filter { $0.present > 0 }.map {
                "\($0.node) \($0.kind.kernelName) \($0.start.rawValue)+\($0.spanned) \($0.present) \($0.managed) \($0.cma)"
            }.joined(separator: "; ")
        case .fallback:
            return topology.nodes.map { node in
                "\(node.id): "
                    + built.zonelist(of: node.id).map { "\($0.node)\($0.kind.kernelName)" }.joined(separator: " ")
            }.joined(separator: "; ")
        case .settings: return "\(topology.sysctls.minFreeKbytes ?? built.topology.sysctls.minFreeKbytes ?? -1)"
        case .marks, .free, .blocks, .types: return state(built, machine)
        }
    }

    private func state(_ built: borrowing Machine, _ machine: SourcedMachine) -> String {
        if self == .marks {
            return built.snapshot().zones.map {
                "\($0.span.reference): \($0.watermarks.map { "\($0.min) \($0.low) \($0.high)" } ?? "") "
                    + "\(($0.lowmemReserve ?? []).prefix(built.zoneKinds.count))"
            }.joined(separator: "; ")
        }
        let topology = machine.snapshot.topology
        if self == .free {
            return topology.nodes.map { node in
                let pages = (0..<built.zoneCount).reduce(0) { sum, index in
                    built.withZone(index) { $0.node == node.id ? sum + $0.buddy.freePages : sum }
                }
                return "\(node.id): \(pages * topology.pageSize >> 20)"
            }.joined(separator: "; ")
        }
        let orders = (0...topology.maximumOrder.rawValue).map { Order($0) }
        return (0..<built.zoneCount).map { index in
            built.withZone(index) { zone in
                let counts = orders.map { order in
                    self == .blocks
                        ? "\(zone.buddy.freeBlocks(order))"
                        : "\(Migratetype.allCases.map { zone.buddy.freeBlocks(order, type: $0) })"
                }
                return "\(zone.reference): \(counts.joined(separator: " "))"
            }
        }.joined(separator: "; ")
    }
}
