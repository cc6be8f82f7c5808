import Topology

/// Where the memory of a task's cpuset comes from (kernel/cgroup/cpuset.c, 6.1 and 6.12).
public struct Cpuset: Hashable, Sendable {
    /// `mems_allowed`: the nodes of what the task asks for itself (`__GFP_HARDWALL`), and of everything at first.
    public var nodes: NodeMask
    /// The nodes of the nearest ancestor with `mem_exclusive` or `mem_hardwall`, to which the kernel's own requests on the
    /// task's behalf may turn in need; nil: all nodes.
    public var outerNodes: NodeMask?

    public init(_ nodes: NodeMask, outerNodes: NodeMask? = nil) {
        self.nodes = nodes
        self.outerNodes = outerNodes
    }
}
