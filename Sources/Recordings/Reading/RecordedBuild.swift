import SourceText
import BuddyEngine
import GFP
import Topology

/// What a recording says about its kernel's build: architecture, page size, block sizes, missing features. If it says
/// nothing, it is from x86-64.
struct RecordedBuild {
    let architecture: Architecture
    /// In bytes.
    let pageSize: Int
    let maximumOrder: Order
    let pageblockOrder: Order
    let hugePageOrder: Order?
    let isNUMAConfigured: Bool
    let isCMAConfigured: Bool
    let isMobilityGroupingDisabled: Bool
    /// One more than the highest zone index, which kswapd uses for "nobody asked".
    let zoneLimit: Int

    init(_ root: JSONField, types: [Migratetype]) throws(SourceProblem) {
        architecture = try Self.architecture(root)
        let constants = try root["const"]
        let shift = try constants.optional("page_shift")?.count(16) ?? 12
        pageSize = try root.optional("page_size")?.count(1 << 16) ?? 1 << shift
        guard pageSize == 1 << shift, architecture.pageSizes.contains(pageSize) else {
            throw root.failure("pages of \(pageSize) bytes do not go with \(architecture.rawValue)")
        }
        maximumOrder = Order(try constants["nr_orders"].positive(14) - 1)
        pageblockOrder = Order(try constants["pageblock_order"].positive(Int(maximumOrder.rawValue)))
        if let order = constants.optional("thp_order") {
            hugePageOrder = try order.int < 0 ? nil : Order(try order.count(Int(maximumOrder.rawValue)))
        } else {
            hugePageOrder = pageblockOrder
        }
        isNUMAConfigured = try constants.optional("numa")?.int != 0
        isCMAConfigured = types.contains(.cma)
        isMobilityGroupingDisabled = try constants.optional("page_group_by_mobility_disabled")?.int ?? 0 != 0
        zoneLimit = try constants["max_nr_zones"].count(ZoneKind.count)
    }

    private static func architecture(_ root: JSONField) throws(SourceProblem) -> Architecture {
        guard let field = try root["kernel"].optional("arch") else { return .amd64 }
        switch try field.string {
        case "x86_64": return .amd64
        case "i386":
            return root.optional("config")?.optional("CONFIG_X86_PAE")?.value.string == "y" ? .i386pae : .i386
        case "arm64": return .arm64
        case "riscv", "riscv64": return .riscv64
        case let other: throw field.failure("\"\(other)\" is not an architecture known here")
        }
    }
}
