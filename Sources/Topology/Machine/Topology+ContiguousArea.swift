import BuddyEngine
import GFP

extension Topology {
    /// All contiguous memory: the areas whose places are known, and the one that is placed for the rest.
    public var effectiveContiguousAreas: [Range<PageFrame>] {
        contiguousAreas + (contiguousArea().map { [$0] } ?? [])
    }

    /// The page frames that `cma=` or the kernel's build sets aside beyond ``contiguousAreas``; nil if there is nothing
    /// to set aside, or no free place is large enough.
    ///
    /// The size is rounded up to pageblocks; up to 5.18, size and start are rounded up to blocks of the largest order
    /// (`cma_declare_contiguous_nid`, mm/cma.c, 5.10; CMA_MIN_ALIGNMENT_PAGES, 5.19). If more memory than that lies
    /// above 4 GiB, the area is at the first free place from 4 GiB up, so that it does not crowd the DMA zones.
    /// Otherwise it is at the last free place (`cma_declare_contiguous_nid`, mm/cma.c, 6.1 and 6.12), below what a DMA
    /// device must reach: no limit on amd64, the end of low memory where there is HighMem, of DMA on arm64, of DMA32 on riscv64
    /// (`dma_contiguous_reserve`). On arm64 the page tables that map memory already occupy its very end. The kernel
    /// image and initial file system, which may be in the way on a real machine, are not known here: list them as
    /// reserved.
    public func contiguousArea() -> Range<PageFrame>? {
        let bytes = unplacedContiguousSize
        guard bytes > 0, let bounds = memoryBounds else { return nil }
        let block = (kernel < KernelVersion(5, 19) ? max(pageblockOrder, maximumOrder) : pageblockOrder).pages
        let asked = Int(clamping: bytes / UInt64(pageSize)) + (bytes % UInt64(pageSize) == 0 ? 0 : 1)
        guard asked <= bounds.pages else { return nil }
        let size = (asked + block - 1) / block * block

        let taken = (reserved + contiguousAreas).normalized()
        let free = nodes.flatMap { presentMemory(of: $0).subtracting(taken) }
            .sorted { $0.lowerBound < $1.lowerBound }
        let end = architecture == .arm64 ? bounds.upperBound + -1 : bounds.upperBound
        let limit = min(contiguousAreaLimit, end)
        let fourGiB = PageFrame((4 as UInt64) << 30 / UInt64(pageSize))

        if bounds.upperBound >= fourGiB + size {
            for range in free.clamped(to: min(fourGiB, limit)..<limit) {
                let start = range.lowerBound.roundedUp(to: block)
                if start < range.upperBound, range.upperBound - start >= size { return start..<(start + size) }
            }
        }
        for range in free.clamped(to: PageFrame(0)..<limit.roundedDown(to: block)).reversed() {
            guard range.pages >= size else { continue }
            let start = (range.upperBound + -size).roundedDown(to: block)
            if start >= range.lowerBound { return start..<(start + size) }
        }
        return nil
    }

    private var contiguousAreaLimit: PageFrame {
        let limits = effectiveZoneLimits
        let limit: UInt64? =
            switch architecture {
            case .amd64: nil
            case .i386, .i386pae, .other: limits.normal
            case .arm64: limits.dma
            case .riscv64: limits.dma32
            }
        return PageFrame((limit ?? .max) / UInt64(pageSize))
    }
}
