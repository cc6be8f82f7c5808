import BuddyEngine

/// Kernel command-line parameters that shape zones. Sizes are in bytes.
public struct BootParameters: Hashable, Sendable {
    /// `movablecore=SIZE`: this much memory becomes ZONE_MOVABLE, spread over the nodes.
    public var movableCore: Amount?
    /// `kernelcore=SIZE`: this much stays usable by the kernel, the rest becomes ZONE_MOVABLE.
    public var kernelCore: Amount?
    /// `movable_node`: hot-pluggable nodes become ZONE_MOVABLE.
    public var movableNode: Bool
    /// `cma=SIZE`: the contiguous memory area, in bytes; 0: none; nil: the default of the kernel's build, see
    /// ``Topology/contiguousAreaSize``.
    public var cma: UInt64?
    /// `vmalloc=SIZE`, in bytes: address space that 32-bit x86 cannot use to map low memory; nil: 128 MiB.
    public var vmalloc: UInt64?
    /// `highmem=SIZE`, in bytes: the size of ZONE_HIGHMEM on 32-bit x86; nil: all memory that cannot be mapped.
    public var highMem: UInt64?
    /// Transparent huge pages are on at boot (they raise `min_free_kbytes`, mm/khugepaged.c).
    public var transparentHugePages: Bool

    /// A size, as the kernel's parameters take it.
    public enum Amount: Hashable, Sendable {
        case bytes(UInt64)
        case percent(Int)
    }

    public init(
        movableCore: Amount? = nil, kernelCore: Amount? = nil, movableNode: Bool = false, cma: UInt64? = nil,
        vmalloc: UInt64? = nil, highMem: UInt64? = nil, transparentHugePages: Bool = true
    ) {
        self.movableCore = movableCore
        self.kernelCore = kernelCore
        self.movableNode = movableNode
        self.cma = cma
        self.vmalloc = vmalloc
        self.highMem = highMem
        self.transparentHugePages = transparentHugePages
    }
}
