import BuddyEngine
import GFP
import PageAllocator
import SourceText

/// All that differs between the kernels that numazones knows, rule by rule.
public struct ProfileReport: Hashable, Sendable {
    public var profiles: [KernelProfile]
    public var rules: [Rule]

    public struct Rule: Hashable, Sendable {
        public var title: String
        /// The kernel's functions that have the rule.
        public var functions: String
        /// By profile.
        public var texts: [String]
    }

    /// Rules that are the same in all profiles are left out.
    public init(_ profiles: [KernelProfile] = KernelProfile.all) {
        self.profiles = profiles
        rules = Self.all.map { rule in
            Rule(title: rule.title, functions: rule.functions, texts: profiles.map(rule.text))
        }.filter { Set($0.texts).count > 1 }
    }

    public func text(_ style: TextStyle = .plain) -> String {
        var text = ""
        for profile in profiles {
            text += style.apply(.heading, "Profile \(profile.name)") + "  held to \(profile.heldTo)\n"
        }
        let width = profiles.map(\.name.count).max() ?? 0
        for rule in rules {
            text += "\n" + style.apply(.heading, rule.title) + style.apply(.quiet, "  (\(rule.functions))") + "\n"
            for (profile, sentence) in zip(profiles, rule.texts) {
                let name = profile.name + String(repeating: "\u{A0}", count: width - profile.name.count + 2)
                text += style.wrap(name + sentence, indent: 2, hanging: width + 2)
            }
        }
        return String(text.map { $0 == "\u{A0}" ? " " : $0 })
    }

    public var json: JSONValue {
        [
            "profiles": .init(
                profiles.map { ["name": .init($0.name), "heldTo": .init($0.heldTo)] }),
            "rules": .init(
                rules.map { rule in
                    var texts = JSONObject()
                    for (profile, text) in zip(profiles, rule.texts) { texts[profile.name] = .init(text) }
                    return ["rule": .init(rule.title), "functions": .init(rule.functions), "profiles": .init(texts)]
                }),
        ]
    }
}

extension ProfileReport {
    private struct Definition {
        var title: String
        var functions: String
        var text: @Sendable (KernelProfile) -> String
    }

    private static let all: [Definition] = walkRules + buddyRules + perCPURules

    private static let walkRules = [
        Definition(title: "Highatomic pages that others may not count", functions: "__zone_watermark_unusable_free") {
            switch $0.walk.highAtomicDeduction {
            case .reserved: "all that are reserved, in use or not (nr_reserved_highatomic)"
            case .free: "those that are free in reserved pageblocks (nr_free_highatomic)"
            }
        },
        Definition(title: "Who may ignore a boost of the min watermark, at order 0", functions: "zone_watermark_fast") {
            switch $0.walk.boostExemption {
            case .atomicFlag: "requests with __GFP_ATOMIC"
            case .minReserve: "requests that may use the min reserve (__GFP_HIGH)"
            }
        },
        Definition(title: "A zone found below its high watermark", functions: "get_page_from_freelist") {
            $0.walk.marksZonesBelowHigh
                ? "is marked (ZONE_BELOW_HIGH), which keeps its per-CPU lists short" : "leaves no mark"
        },
        Definition(title: "Waking kswapd after a boost", functions: "rmqueue") {
            $0.walk.boostWakeNeedsKswapdFlag
                ? "only by requests with __GFP_KSWAPD_RECLAIM" : "by any request served from a boosted zone"
        },
        Definition(title: "Watermarks of a Movable zone", functions: "__setup_per_zone_wmarks") {
            $0.sizing.movableIsLikeHighMem
                ? "a small minimum, like HighMem; no share of min_free_kbytes" : "a share of min_free_kbytes by size"
        },
        Definition(title: "Compacting for a task in a cpuset", functions: "try_to_compact_pages, should_reclaim_retry")
        {
            $0.reclaim.keepsToCpuset
                ? "only zones of the cpuset, and only those count when reclaim is judged hopeless"
                : "every zone on the way, in the cpuset or not"
        },
        Definition(title: "A CPU that kswapd shares with the task that woke it", functions: "kernel/sched/fair.c") {
            switch $0.reclaim.scheduler {
            case .completelyFair: "is kswapd's at once if it has run less, else after a slice of 3 ms (CFS)"
            case .earliestDeadline: "is kswapd's at the next tick (EEVDF)"
            }
        },
    ]

    private static let buddyRules = [
        Definition(title: "A request whose own type has no block", functions: "__rmqueue_fallback, __rmqueue_claim") {
            switch $0.buddy.fallback {
            case .moveThenSearch:
                "moves the found pageblock's free blocks, or the found block alone, to its own lists and searches again"
            case .claimOrSplit:
                "claims a pageblock whole, or splits the smallest sufficient block of another type where it lies"
            }
        },
        Definition(title: "Limit of highatomic reservation", functions: "reserve_highatomic_pageblock") {
            switch $0.buddy.highAtomicLimit {
            case .hundredthPlusPageblock: "a hundredth of the managed pages and one pageblock"
            case .hundredthRoundedUp:
                "a hundredth of the managed pages, up to whole pageblocks; nothing if that is below one"
            }
        },
        Definition(title: "Counting free pages", functions: "account_freepages, rmqueue_buddy, rmqueue_bulk") {
            $0.buddy.countsEachChange
                ? "at each block taken, added or moved" : "when a request has its block, or a list its whole refill"
        },
        Definition(title: "Merging with a buddy of another type", functions: "__free_one_page") {
            $0.buddy.retypesMergedBuddy ? "gives the buddy's pageblock its own type" : "leaves the types as they are"
        },
        Definition(title: "Freeing a block larger than a pageblock", functions: "split_large_buddy, __free_one_page") {
            $0.buddy.freesByPageblock ? "pageblock by pageblock, each as its own type" : "whole, as its first type"
        },
        Definition(title: "A pageblock that begins before its zone", functions: "move_freepages_block") {
            $0.buddy.movesCutPageblock ? "is moved to another type from the found block on" : "is not moved"
        },
    ]

    private static let perCPURules = [
        Definition(title: "Size of per-CPU lists", functions: "nr_pcp_alloc, nr_pcp_high, nr_pcp_free") {
            switch $0.perCPU.sizing {
            case .fixedHigh: "one batch a refill, a fixed high; what an overflow gives back doubles each time"
            case .movingHigh:
                "a refill doubles each time, high moves between two limits, an overflow gives back what was freed in a row"
            }
        },
        Definition(title: "The type of a page on a per-CPU list", functions: "free_pcppages_bulk") {
            $0.perCPU.pagesCarryType
                ? "the one it came with (get_pcppage_migratetype)" : "that of its pageblock when it goes back"
        },
        Definition(title: "Largest refill and overflow", functions: "CONFIG_PCP_BATCH_SCALE_MAX") {
            "the batch times 2 to the power of \($0.perCPU.batchScaleMax)"
        },
    ]
}
