/// Where a CPU ID is in the machine's tables.
@frozen
@usableFromInline
struct CPUPlace: BitwiseCopyable {
    /// The CPU's position among the machine's CPUs; -1: there is no such CPU.
    @usableFromInline
    var position: Int32
    /// Its node's position among the machine's nodes.
    @usableFromInline
    var node: UInt16

    @inlinable
    init(position: Int32 = -1, node: UInt16 = 0) {
        self.position = position
        self.node = node
    }
}
