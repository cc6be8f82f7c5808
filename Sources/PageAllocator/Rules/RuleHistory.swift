import GFP

/// When rules changed, as far as it is known: what kernels without a profile of their own have otherwise than the profile
/// that they get.
///
/// Releases are Linus' own, from the history of the patches; stable and vendors' kernels may have a change earlier. The
/// list is what is known, not all there is.
public struct RuleHistory: Hashable, Sendable {
    /// The kernel asked about.
    public let kernel: KernelVersion
    /// Newer rules that it has and its profile has not.
    public let behind: [Change]
    /// Newer rules that its profile has and it has not: the kernel that the profile was verified against got them early.
    public let ahead: [Change]
    /// Rules that the next profile has otherwise, and nobody here knows since which release.
    public let undated: [String]
    /// What the profile does and a kernel so old does not do at all.
    public let absent: [Feature]

    /// A rule that became another.
    public struct Change: Hashable, Sendable {
        public let key: String
        /// What it is since.
        public let value: RuleValue
        /// The first release with it.
        public let release: KernelVersion
    }

    /// What is older than the oldest profile, and so no rule that could be another.
    public enum Feature: CaseIterable, Hashable, Sendable {
        /// A high order no longer needs free blocks of lower orders (`__zone_watermark_ok`).
        case blocksOfItsOrderSuffice
        /// Pageblocks are kept for atomic requests of high order (`reserve_highatomic_pageblock`).
        case highAtomicReserve
        /// Boosts of watermarks, and a first walk that avoids mixing types (`boost_watermark`, `alloc_flags_nofragment`).
        case fragmentationAvoidance

        /// The first release with it.
        public var release: KernelVersion {
            switch self {
            case .blocksOfItsOrderSuffice: KernelFeature.blocksOfItsOrderSuffice.release
            case .highAtomicReserve: KernelFeature.highAtomicReserve.release
            case .fragmentationAvoidance: KernelFeature.fragmentationAvoidance.release
            }
        }
    }

    /// What is known of a kernel; nothing where a profile was verified against it, or where it is newer than all of them.
    public init(of kernel: KernelVersion) {
        self.kernel = kernel
        let profile = KernelProfile(nearest: kernel)
        let standing = KernelProfile.standing(of: kernel)
        absent = standing == .older ? Feature.allCases.filter { kernel < $0.release } : []
        guard standing == .between, let next = KernelProfile.all.first(where: { $0.version > kernel }) else {
            (behind, ahead, undated) = ([], [], [])
            return
        }
        let different = Set(next.differences(from: profile).map(\.key))
        var latest: [String: Change] = [:]
        for change in Self.changes where change.release > profile.version && change.release <= kernel {
            latest[change.key] = change
        }
        let order = AllocatorRule.all.map(\.key)
        behind = order.compactMap { latest[$0] }.filter { $0.value != profile.value(of: $0.key) }
        ahead = Self.changes.filter {
            $0.release > kernel && $0.value == profile.value(of: $0.key)
        }
        undated = order.filter { key in different.contains(key) && !Self.changes.contains { $0.key == key } }
    }

    /// Nothing is known to differ.
    public var isEmpty: Bool { behind.isEmpty && ahead.isEmpty && undated.isEmpty && absent.isEmpty }
}

extension RuleHistory {
    /// Every change whose release is known, oldest first.
    public static let changes: [Change] = [
        dated(
            5, 14, .v6_1, ["high", "countsContiguousAreas", "largestOrder", "holdsHugePages", "shortensPerCPULists"]),
        dated(5, 14, .v6_1, ["sizing"]), dated(5, 16, KernelProfile(nearest: KernelVersion(5, 16)), ["nodeLoading"]),
        dated(5, 18, .v6_1, ["merging", "givingBack", "hasPromoMark"]),
        dated(5, 19, .v6_1, ["nodeLoading", "reportsTypeAskedFor"]),
        dated(6, 0, .v6_1, ["goesOnToFreeLists", "drainsByWorker"]),
        dated(
            6, 3, .v6_12,
            [
                "urgency", "depth", "countsHighAtomic", "seesHighAtomicBlocks", "takesHighAtomicFirst",
                "takesHighAtomicLast", "flagsWithoutFailing", "boostExemption",
            ]),
        dated(6, 5, .v6_12, ["boostWakeNeedsKswapdFlag"]), dated(6, 6, .v6_12, ["scheduler", "movableIsLikeHighMem"]),
        dated(6, 7, .v6_12, ["sizing", "high", "marksZonesBelowHigh"]),
        dated(6, 8, .v6_12, ["highAtomicLimit", "soonGivesUpHighAtomic"]),
        dated(6, 10, .v6_12, ["countsEachChange", "retypesMergedBuddy", "movesCutPageblock", "pagesCarryType"]),
        dated(6, 13, .v6_12, ["highAtomicDeduction"]), dated(6, 15, .v6_12, ["fallback"]),
        dated(6, 15, .v7_2, ["cacheFolioOrder"]),
    ].flatMap(\.self)

    /// Rules that have been as a profile has them since a release.
    private static func dated(_ major: Int, _ minor: Int, _ profile: KernelProfile, _ keys: [String]) -> [Change] {
        keys.compactMap { key in
            profile.value(of: key).map { Change(key: key, value: $0, release: KernelVersion(major, minor)) }
        }
    }
}

extension KernelProfile {
    /// What a rule is set to; nil: there is none of that key.
    public func value(of key: String) -> RuleValue? { AllocatorRule.named(key)?.value(in: self) }
}
