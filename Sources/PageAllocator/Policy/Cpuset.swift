import Topology

/// Which nodes a task's cpuset allows (kernel/cgroup/cpuset.c, 6.1 and 6.12).
public struct Cpuset: Hashable, Sendable {
    /// `mems_allowed`: the nodes for the task's own requests (`__GFP_HARDWALL`), and at first for all requests.
    public var nodes: NodeMask
    /// The nodes of the nearest ancestor with `mem_exclusive` or `mem_hardwall`, which the kernel's own requests on
    /// behalf of the task may fall back to; nil: all nodes.
    public var outerNodes: NodeMask?

    public init(_ nodes: NodeMask, outerNodes: NodeMask? = nil) {
        self.nodes = nodes
        self.outerNodes = outerNodes
    }
}
