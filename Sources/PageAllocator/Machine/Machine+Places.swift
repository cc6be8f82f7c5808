import GFP
import Topology

extension Machine {
    /// Where a CPU is in the machine's tables.
    ///
    /// - Precondition: The CPU is the machine's.
    @inlinable @inline(__always)
    mutating func place(of cpu: CPUID) -> CPUPlace {
        guard cpuPlaces.has(Int(cpu.rawValue)) else { stop(for: .noSuchCPU(cpu, machine: cpuIDs)) }
        let place = cpuPlaces[unchecked: Int(cpu.rawValue)]
        guard place.position >= 0 else { stop(for: .noSuchCPU(cpu, machine: cpuIDs)) }
        return place
    }

    /// The position of a node.
    ///
    /// - Precondition: The node is the machine's.
    @inlinable @inline(__always)
    mutating func knownPosition(of node: NodeID) -> Int {
        guard nodePositions.has(Int(node.rawValue)) else { stop(for: .noSuchNode(node, machine: nodeIDs)) }
        let position = Int(nodePositions[unchecked: Int(node.rawValue)])
        guard position >= 0 else { stop(for: .noSuchNode(node, machine: nodeIDs)) }
        return position
    }

    /// Ends the program for a request that breaks a precondition; ``check(_:)`` tells beforehand.
    @usableFromInline @inline(never)
    func stop(for problem: @autoclosure () -> RequestProblem) -> Never { fatalError("\(problem())") }
}
