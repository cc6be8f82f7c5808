// swift-format-ignore-file: AlwaysUseLowerCamelCase
// These are the field's own names.

/// The field's names for common requests, as 6.12 defines them without hardware-tag KASAN
/// (include/linux/gfp_types.h).
///
/// Older kernels define some differently; ask ``GFPLayout/composite(named:)`` for a given kernel's.
extension GFPFlags {
    /// Cannot sleep, high priority.
    @inlinable public static var GFP_ATOMIC: Self { [.high, .kswapdReclaim] }
    /// The usual request of kernel code that may sleep.
    @inlinable public static var GFP_KERNEL: Self { [.reclaim, .io, .fs] }
    /// `GFP_KERNEL`, charged to the memory cgroup.
    @inlinable public static var GFP_KERNEL_ACCOUNT: Self { [.GFP_KERNEL, .account] }
    /// Cannot sleep, normal priority, silent.
    @inlinable public static var GFP_NOWAIT: Self { [.kswapdReclaim, .noWarn] }
    /// May sleep, but reclaim must not start I/O.
    @inlinable public static var GFP_NOIO: Self { .reclaim }
    /// May sleep, but reclaim must not call file systems.
    @inlinable public static var GFP_NOFS: Self { [.reclaim, .io] }
    /// For user space that the kernel or hardware also reads; obeys the cpuset.
    @inlinable public static var GFP_USER: Self { [.GFP_KERNEL, .hardWall] }
    /// The DMA zone; combine with another composite.
    @inlinable public static var GFP_DMA: Self { .dma }
    /// The DMA32 zone; combine with another composite.
    @inlinable public static var GFP_DMA32: Self { .dma32 }
    /// User memory that the kernel need not map.
    @inlinable public static var GFP_HIGHUSER: Self { [.GFP_USER, .highMem] }
    /// User memory that can be migrated: anonymous memory and page cache.
    @inlinable public static var GFP_HIGHUSER_MOVABLE: Self { [.GFP_HIGHUSER, .movable] }
    /// A transparent huge page in a page fault, without reclaim.
    @inlinable public static var GFP_TRANSHUGE_LIGHT: Self {
        GFP_HIGHUSER_MOVABLE.union([.comp, .noMemAlloc, .noWarn]).subtracting(.reclaim)
    }
    /// A transparent huge page with direct reclaim and compaction.
    @inlinable public static var GFP_TRANSHUGE: Self { [.GFP_TRANSHUGE_LIGHT, .directReclaim] }
}
