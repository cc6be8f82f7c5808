/// Build options of a kernel that decide which `__GFP_*` flags exist or where they sit.
public struct GFPBuildOptions: OptionSet, Hashable, Sendable {
    /// The options as a set of bits.
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `CONFIG_KASAN_HW_TAGS` (arm64): the `__GFP_SKIP_*` flags, from 5.18.
    public static let kasanHardwareTags = Self(rawValue: 1 << 0)
    /// `CONFIG_LOCKDEP`: `__GFP_NOLOCKDEP`.
    public static let lockdep = Self(rawValue: 1 << 1)
    /// `CONFIG_SLAB_OBJ_EXT`: `__GFP_NO_OBJ_EXT`, from 6.10; on wherever memory cgroups are.
    public static let slabObjectExtensions = Self(rawValue: 1 << 2)

    /// What distributions ship: memory cgroups, no debugging, no hardware tags.
    public static let distribution: Self = .slabObjectExtensions
}
