import BuddyEngine
import Topology

extension BootLog {
    /// Block sizes of kernels that `Architecture` does not distinguish.
    struct BlockOrders: Hashable {
        /// The largest order of a free block: one less than CONFIG_FORCE_MAX_ZONEORDER up to 6.3,
        /// CONFIG_ARCH_FORCE_MAX_ORDER from 6.4 (each architecture's Kconfig).
        var maximum: Order
        /// The order of a huge page, and so of a pageblock; nil: no huge pages, and a pageblock is the largest block.
        var hugePage: Order?
    }

    /// Block sizes by architecture and page size; nil: the usual ones.
    func blockOrders(page: Int) -> BlockOrders? {
        guard let family = architectures.first(where: { $0.family.hasOwnBlockOrders })?.family else { return nil }
        switch (family, page) {
        case (.powerPC, 65536): return BlockOrders(maximum: 8, hugePage: hasRadixTables ? 5 : 8)
        case (.s390, 4096): return BlockOrders(maximum: 8, hugePage: 8)
        case (.loongArch, 16384), (.mips, 16384): return BlockOrders(maximum: 11, hugePage: 11)
        case (.loongArch, 65536), (.mips, 65536): return BlockOrders(maximum: 13, hugePage: 13)
        case (.sparc, 8192): return BlockOrders(maximum: 12, hugePage: 10)
        case (.alpha, 8192): return BlockOrders(maximum: 10, hugePage: nil)
        default: return nil
        }
    }
}

extension BootLog.ArchitectureSign.Family {
    fileprivate var hasOwnBlockOrders: Bool {
        switch self {
        case .powerPC, .s390, .loongArch, .mips, .sparc, .alpha: true
        case .x86, .amd64, .i386, .arm64, .arm, .riscv64, .ia64, .other: false
        }
    }
}

extension Topology {
    /// Sets the block sizes of a kernel that `Architecture` does not distinguish.
    mutating func take(_ orders: BootLog.BlockOrders) {
        maximumOrder = orders.maximum
        pageblockOrder = min(orders.hugePage ?? orders.maximum, orders.maximum)
        hugePageOrder = orders.hugePage
    }
}
