import BuddyEngine
import GFP

/// A way in which memory is fragmented for experiments, as a tool that people use for it does: blocks of one kind are taken
/// until no more are to be had, and a part of each is given back.
///
/// Tools that do it from user space are here as the requests that their page faults make. Nothing is reclaimed meanwhile.
public struct FragmentationRecipe: Hashable, Sendable {
    /// What `age --recipe` calls it.
    public let name: String
    /// Where it is from: the tool, and where that can be found, or the function that does it and its own words.
    public let source: String
    /// The mask of each request, and its order.
    public let gfp: GFPFlags
    public let order: Order
    /// The most blocks; nil: as many as there are.
    public let most: Int?
    /// What stays in use.
    public let kept: Kept

    /// What of its blocks a recipe leaves in use.
    public enum Kept: Hashable, Sendable {
        /// These pages of each block.
        case pages(Range<Int>)
        /// Every second page of each block, the first not.
        case oddPages
        /// Every second block in the order that they were taken in, the last not.
        case everySecondBlock
    }

    init(
        _ name: String, _ source: String, _ gfp: GFPFlags, order: Order, most: Int? = nil, keeping kept: Kept
    ) {
        self.name = name
        self.source = source
        self.gfp = gfp
        self.order = order
        self.most = most
        self.kept = kept
    }

    /// Every recipe there is.
    ///
    /// arXiv 2401.03523 ("Characterizing Physical Memory Fragmentation", Mansi and Swift) counts eleven ways in thirteen
    /// papers; these are those whose code is public and was read for this.
    public static let all: [FragmentationRecipe] = [
        FragmentationRecipe(
            "first-of-32", "phymem_fragmenter (github.com/saravan2/phymem_fragmenter)", .GFP_KERNEL, order: 5,
            keeping: .pages(0..<1)),
        FragmentationRecipe(
            "every-other-block", "mem_frag (github.com/martinbj2008/koexample, frag_mem/mem_frag.c)", .GFP_KERNEL,
            order: 2, keeping: .everySecondBlock),
        FragmentationRecipe(
            "half-of-2m",
            "frag_init() of a kernel module by Dominic Duval, Red Hat (\"chunks of 2M at 2M intervals\", int order=9)",
            .GFP_ATOMIC, order: 9, keeping: .everySecondBlock),
        FragmentationRecipe(
            "odd-pages",
            "fragmentize_init() of a kernel module of The Linux Foundation (2012) and Xiaomi (2021), \"Memory fragmentize "
                + "simulate test\" (DEFAULT_BLOCK_ORDER 2, DEFAULT_ALLOC_TIMES 16384)",
            [.GFP_KERNEL, .movable], order: 2, most: 16384, keeping: .oddPages),
        FragmentationRecipe(
            "thp-tails", "transhuge-stress (tools/testing/selftests/mm, Linux 6.12)",
            [.GFP_TRANSHUGE_LIGHT, .directReclaim], order: 9, keeping: .pages(511..<512)),
        FragmentationRecipe(
            "last-64k-of-2m",
            "main() of a program that maps 30 GiB twice, touches 29 and counts what is left by parse_buddy(): \"occupy 64KB per "
                + "superpage\", munmap(a + i * SUPER, SUPER - 16 * 4096)",
            [.GFP_TRANSHUGE_LIGHT, .directReclaim], order: 9, keeping: .pages(496..<512)),
    ]

    /// The recipe of a name; nil: there is none.
    public static func named(_ name: String) -> FragmentationRecipe? { all.first { $0.name == name } }
}
