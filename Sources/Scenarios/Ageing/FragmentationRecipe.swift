import BuddyEngine
import GFP

/// A way of fragmenting memory for experiments, as a published tool does it: blocks of one kind are allocated until
/// there are no more, and part of each is freed.
///
/// Tools that work from user space are represented by the requests of their page faults. Nothing is reclaimed
/// meanwhile.
public struct FragmentationRecipe: Hashable, Sendable {
    /// The name for `age --recipe`.
    public let name: String
    /// The origin: the tool and where to find it, or the function that does it, in its own words.
    public let source: String
    /// The mask of each request.
    public let gfp: GFPFlags
    /// The order of each request.
    public let order: Order
    /// The most blocks; nil: as many as possible.
    public let most: Int?
    /// What stays in use.
    public let kept: Kept

    /// Which part of its blocks a recipe leaves in use.
    public enum Kept: Hashable, Sendable {
        /// These pages of each block.
        case pages(Range<Int>)
        /// Every second page of each block, beginning with the second.
        case oddPages
        /// Every second block in order of allocation, counted back from the last but one.
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

    /// Every recipe.
    ///
    /// arXiv 2401.03523 ("Characterizing Physical Memory Fragmentation", Mansi and Swift) counts eleven ways in
    /// thirteen papers; these are those whose code is public and was read for this purpose.
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

    /// The recipe with a name; nil if there is none.
    public static func named(_ name: String) -> FragmentationRecipe? { all.first { $0.name == name } }
}
