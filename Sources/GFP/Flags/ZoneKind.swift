/// A kind of zone. Raw values put lower addresses first; they are not a kernel's zone indices, which depend on
/// what is configured (see `Architecture.zoneKinds`).
public enum ZoneKind: UInt8, CaseIterable, Hashable, Comparable, Sendable {
    case dma = 0
    case dma32 = 1
    case normal = 2
    case highMem = 3
    case movable = 4
    case device = 5

    /// The number of kinds.
    @inlinable
    public static var count: Int { 6 }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The name in `/proc/zoneinfo`: "DMA", "DMA32", "Normal", "HighMem", "Movable", "Device".
    public var kernelName: String {
        switch self {
        case .dma: "DMA"
        case .dma32: "DMA32"
        case .normal: "Normal"
        case .highMem: "HighMem"
        case .movable: "Movable"
        case .device: "Device"
        }
    }

    public init?(kernelName: some StringProtocol) {
        guard let kind = Self.allCases.first(where: { $0.kernelName == kernelName }) else { return nil }
        self = kind
    }
}

extension ZoneKind: CustomStringConvertible {
    public var description: String { kernelName }
}
