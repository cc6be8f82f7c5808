import BuddyEngine
import GFP
import Topology

/// Why a request makes no sense on a machine, which is different from being refused.
public enum RequestProblem: Error, Hashable, Sendable {
    case orderTooLarge(Order, maximum: Order, pageSize: Int)
    case noSuchCPU(CPUID, machine: [CPUID])
    case noSuchNode(NodeID, machine: [NodeID])
    case emptyNodeMask
    case mask(GFPIntentError)
}

extension RequestProblem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .orderTooLarge(let order, let maximum, let pageSize):
            return
                "order \(order) is too large: this machine's largest block has order \(maximum), "
                + "\(ByteSize(bytes: UInt64(maximum.pages) * UInt64(pageSize)))"
        case .noSuchCPU(let cpu, let cpus):
            return "there is no CPU \(cpu): this machine has \(NumberList.format(cpus.map { Int($0.rawValue) }))"
        case .noSuchNode(let node, let nodes):
            return "there is no node \(node): this machine has \(NumberList.format(nodes.map { Int($0.rawValue) }))"
        case .emptyNodeMask:
            return "the node mask is empty: name at least one node, or leave it out to allow all"
        case .mask(let error):
            return error.description
        }
    }
}

extension Machine {
    /// Throws if a request breaks a precondition of ``allocate(_:)``, or is one that no kernel code would make.
    public func check(_ request: AllocationRequest) throws(RequestProblem) {
        do { _ = try GFPIntent(request.gfp, configured: zoneKinds) } catch { throw .mask(error) }
        guard request.order <= maximumOrder else {
            throw .orderTooLarge(request.order, maximum: maximumOrder, pageSize: topology.pageSize)
        }
        guard position(of: request.cpu) != nil else { throw .noSuchCPU(request.cpu, machine: cpuIDs) }
        let masked = request.nodemask?.nodes
        if let masked, masked.isEmpty { throw .emptyNodeMask }
        for node in [request.node].compactMap({ $0 }) + (masked ?? []) where position(of: node) == nil {
            throw .noSuchNode(node, machine: nodeIDs)
        }
    }
}
