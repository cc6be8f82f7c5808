import GFP

extension ZoneInfoText {
    /// The layout of a kernel's zoneinfo: which lines there are, in which order and columns.
    public struct Form: Hashable, Sendable {
        /// The lines after "pages free", in order.
        public var amounts: [Amount]
        /// Spaces before a counter: 4 up to 4.7, then 6.
        public var counterIndent: Int
        /// "protection" comes before the counters (from 4.8).
        public var protectionComesFirst: Bool
        /// The values of a pageset are aligned in a column, as in kernels with `high_min`.
        public var alignsPagesets: Bool
        /// `high_min` and `high_max` are printed.
        public var hasPagesetLimits: Bool
        /// The last lines of a zone, in order.
        public var trailers: [Trailer]
        /// The column at which the values of the last lines begin.
        public var trailerColumn: Int
        /// Zones without pages are printed as well, in a short form.
        public var listsEmptyZones: Bool
        /// Names of a node's counters, in order; empty if counters are by zone only.
        public var nodeCounterNames: [String]
        /// Names of a zone's counters, in order.
        public var counterNames: [String]

        public init(
            amounts: [Amount], counterIndent: Int = 6, protectionComesFirst: Bool = true, alignsPagesets: Bool = false,
            hasPagesetLimits: Bool = false, trailers: [Trailer] = [.nodeUnreclaimable, .startPageFrame],
            trailerColumn: Int = 23, listsEmptyZones: Bool = true, nodeCounterNames: [String] = [],
            counterNames: [String] = []
        ) {
            self.amounts = amounts
            self.counterIndent = counterIndent
            self.protectionComesFirst = protectionComesFirst
            self.alignsPagesets = alignsPagesets
            self.hasPagesetLimits = hasPagesetLimits
            self.trailers = trailers
            self.trailerColumn = trailerColumn
            self.listsEmptyZones = listsEmptyZones
            self.nodeCounterNames = nodeCounterNames
            self.counterNames = counterNames
        }
    }

    /// A line with a number of pages in a zone's head. Raw values are the kernel's words.
    public enum Amount: String, CaseIterable, Hashable, Sendable {
        case boost, min, low, high, promo, scanned
        /// 4.8 to 4.10.
        case nodeScanned = "node_scanned"
        case spanned, present, managed, cma
    }

    /// A line at a zone's end. Raw values are the kernel's words.
    public enum Trailer: String, CaseIterable, Hashable, Sendable {
        case allUnreclaimable = "all_unreclaimable"
        case nodeUnreclaimable = "node_unreclaimable"
        case previousPriority = "prev_priority"
        case startPageFrame = "start_pfn"
        case inactiveRatio = "inactive_ratio"
        /// 4.8 to 4.10.
        case nodeInactiveRatio = "node_inactive_ratio"
    }
}

extension ZoneInfoText.Form {
    /// The oldest known kernel that prints this form. Vendors back-port changes, so their kernels may be older than
    /// this.
    public var likelyKernel: KernelVersion {
        if hasPagesetLimits { return KernelVersion(6, 18) }
        if amounts.contains(.promo) { return KernelVersion(6, 12) }
        if amounts.contains(.boost) { return KernelVersion(6, 1) }
        if amounts.contains(.cma) { return KernelVersion(5, 12) }
        if trailers.contains(.nodeInactiveRatio) || amounts.contains(.nodeScanned) { return KernelVersion(4, 9) }
        if nodeCounterNames.contains("workingset_refault_anon") { return KernelVersion(5, 10) }
        if protectionComesFirst { return KernelVersion(5, 4) }
        if amounts.contains(.managed) { return KernelVersion(4, 4) }
        return trailers.contains(.previousPriority) ? KernelVersion(2, 6, 32) : KernelVersion(3, 2)
    }

    /// The form that a kernel prints.
    ///
    /// For 6.1 and 6.12 it is that of Debian's configuration, including counters, as recorded from real kernels; other
    /// versions get the nearest older form, with counters as far as they are known.
    public static func of(_ kernel: KernelVersion) -> Self {
        switch kernel {
        case KernelVersion(6, 18)...: .linux618
        case KernelVersion(6, 12)...: .linux612
        case KernelVersion(5, 19)...: .linux61
        case KernelVersion(5, 10)...: .linux510
        case KernelVersion(4, 11)...: .linux54
        default: .linux32
        }
    }
}
