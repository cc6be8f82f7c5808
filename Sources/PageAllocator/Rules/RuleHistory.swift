import GFP

/// When rules changed, as far as is known: how kernels without a profile of their own differ from the profile that is
/// used for them.
///
/// Releases are mainline, from the history of the patches; stable and vendor kernels may have a change earlier. The
/// list is what is known, and not complete.
public struct RuleHistory: Hashable, Sendable {
    /// The kernel asked about.
    public let kernel: KernelVersion
    /// Newer rules that it has and its profile lacks.
    public let behind: [Change]
    /// Newer rules that its profile has and it lacks: the kernel that the profile was verified against got them early.
    public let ahead: [Change]
    /// Rules that differ in the next profile, where the release of the change is not known.
    public let undated: [String]
    /// What the profile does that such an old kernel does not do at all.
    public let absent: [Feature]

    /// A change of a rule.
    public struct Change: Hashable, Sendable {
        /// The rule.
        public let key: String
        /// Its value since the change.
        public let value: RuleValue
        /// The first release with that value.
        public let release: KernelVersion
    }

    /// Behaviour older than the oldest profile, which is therefore not a rule.
    public enum Feature: CaseIterable, Hashable, Sendable {
        /// A high order no longer needs free blocks of lower orders (`__zone_watermark_ok`).
        case blocksOfItsOrderSuffice
        /// Pageblocks are reserved for atomic requests of high order (`reserve_highatomic_pageblock`).
        case highAtomicReserve
        /// Watermark boosts, and a first walk that avoids mixing mobility types (`boost_watermark`,
        /// `alloc_flags_nofragment`).
        case fragmentationAvoidance

        /// The first mainline release with it.
        public var release: KernelVersion {
            switch self {
            case .blocksOfItsOrderSuffice: KernelFeature.blocksOfItsOrderSuffice.release
            case .highAtomicReserve: KernelFeature.highAtomicReserve.release
            case .fragmentationAvoidance: KernelFeature.fragmentationAvoidance.release
            }
        }
    }

    /// What is known of a kernel; empty if a profile was verified against it, or it is newer than all of them.
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

    /// Whether nothing is known to differ.
    public var isEmpty: Bool { behind.isEmpty && ahead.isEmpty && undated.isEmpty && absent.isEmpty }
}

extension RuleHistory {
    /// Every change whose release is known, oldest first.
    public static let changes: [Change] = [
        dated(
            5, 14, .v6_1, ["high", "countsContiguousAreas", "largestOrder", "holdsHugePages", "shortensPerCPULists"]),
        dated(5, 14, .v6_1, ["sizing"]), dated(5, 15, .v6_1, ["proactiveDeferral"]),
        dated(5, 16, KernelProfile(nearest: KernelVersion(5, 16)), ["nodeLoading"]),
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

    /// Rules that have had a profile's values since a release.
    private static func dated(_ major: Int, _ minor: Int, _ profile: KernelProfile, _ keys: [String]) -> [Change] {
        keys.compactMap { key in
            profile.value(of: key).map { Change(key: key, value: $0, release: KernelVersion(major, minor)) }
        }
    }
}

extension KernelProfile {
    /// The value of a rule; nil if there is no such rule.
    public func value(of key: String) -> RuleValue? { AllocatorRule.named(key)?.value(in: self) }
}
