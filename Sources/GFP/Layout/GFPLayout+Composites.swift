extension GFPLayout.Era {
    /// What the composites have been defined as.
    enum Composites {
        typealias Table = [(name: String, flags: GFPFlags)]

        /// What distinguishes the definitions since 4.4.
        enum Trait {
            /// `GFP_TEMPORARY` exists (to 4.13).
            case temporary
            /// `GFP_KERNEL_ACCOUNT` exists (from 4.5).
            case account
            /// `GFP_ATOMIC` without `__GFP_ATOMIC` (from 6.3).
            case plainAtomic
            /// `GFP_NOWAIT` has `__GFP_NOWARN` (from 6.7).
            case silentNoWait
        }

        private static let atomic: GFPFlags = [.high, .kswapdReclaim]
        private static let user: GFPFlags = [.reclaim, .io, .fs, .hardWall]

        /// `GFP_TRANSHUGE` before any flag is removed from it.
        static let transHugeMask: GFPFlags = [user, .highMem, .movable, .comp, .noMemAlloc, .noWarn]

        /// The table since 4.4.
        ///
        /// - Parameters:
        ///   - traits: Which of the definitions it has.
        ///   - movable: What `GFP_HIGHUSER_MOVABLE` has beyond `GFP_HIGHUSER | __GFP_MOVABLE`.
        ///   - transHuge: `GFP_TRANSHUGE` where there was no `GFP_TRANSHUGE_LIGHT` (to 4.7).
        static func with(_ traits: Trait..., movable: GFPFlags = [], transHuge: GFPFlags? = nil) -> Table {
            var table: Table = [
                ("GFP_ATOMIC", traits.contains(.plainAtomic) ? atomic : atomic.union(.atomic)),
                ("GFP_KERNEL", [.reclaim, .io, .fs]),
            ]
            if traits.contains(.account) { table.append(("GFP_KERNEL_ACCOUNT", [.reclaim, .io, .fs, .account])) }
            table += [
                ("GFP_NOWAIT", traits.contains(.silentNoWait) ? [.kswapdReclaim, .noWarn] : .kswapdReclaim),
                ("GFP_NOIO", .reclaim),
                ("GFP_NOFS", [.reclaim, .io]),
            ]
            if traits.contains(.temporary) {
                table.append(("GFP_TEMPORARY", [.reclaim, .io, .fs, .reclaimable]))
            }
            table += [
                ("GFP_USER", user), ("GFP_DMA", .dma), ("GFP_DMA32", .dma32), ("GFP_HIGHUSER", [user, .highMem]),
                ("GFP_HIGHUSER_MOVABLE", [user, .highMem, .movable, movable]),
            ]
            if let transHuge {
                table.append(("GFP_TRANSHUGE", transHuge))
            } else {
                let light = transHugeMask.union(movable).subtracting(.reclaim)
                table += [("GFP_TRANSHUGE_LIGHT", light), ("GFP_TRANSHUGE", [light, .directReclaim])]
            }
            return table
        }

        /// 2.6.32; `GFP_THISNODE` as on NUMA kernels.
        static let wait: Table = [
            ("GFP_NOWAIT", []), ("GFP_ATOMIC", .high), ("GFP_NOIO", .wait), ("GFP_NOFS", [.wait, .io]),
            ("GFP_KERNEL", [.wait, .io, .fs]), ("GFP_TEMPORARY", [.wait, .io, .fs, .reclaimable]),
            ("GFP_USER", [.wait, .io, .fs, .hardWall]),
            ("GFP_HIGHUSER", [.wait, .io, .fs, .hardWall, .highMem]),
            ("GFP_HIGHUSER_MOVABLE", [.wait, .io, .fs, .hardWall, .highMem, .movable]),
            ("GFP_IOFS", [.io, .fs]), ("GFP_THISNODE", [.thisNode, .noWarn, .noRetry]), ("GFP_DMA", .dma),
            ("GFP_DMA32", .dma32),
        ]
        /// 2.6.38 to 4.3.
        static let waitTransHuge: Table =
            wait + [
                (
                    "GFP_TRANSHUGE",
                    [
                        .wait, .io, .fs, .hardWall, .highMem, .movable, .comp, .noMemAlloc, .noRetry, .noWarn,
                        .noKswapd,
                    ]
                )
            ]
    }
}
