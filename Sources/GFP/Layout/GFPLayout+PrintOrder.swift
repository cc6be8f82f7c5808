extension GFPLayout.Era {
    /// An entry of the table whose names are tried in order when a mask is printed; names that a layout lacks are
    /// omitted.
    struct PrintOrder: Sendable {
        /// What is printed.
        let text: String
        /// The composite or flag that it stands for.
        let name: String

        private static func list(_ names: String, underscores: Bool = true) -> [Self] {
            names.split(whereSeparator: \.isWhitespace).map { name in
                Self(text: String(underscores || !name.hasPrefix("__") ? name : name.dropFirst(2)), name: String(name))
            }
        }

        /// Trace events to 4.5, with no underscores (include/trace/events/gfpflags.h).
        static let tracing = list(
            """
            GFP_TRANSHUGE GFP_HIGHUSER_MOVABLE GFP_HIGHUSER GFP_USER GFP_TEMPORARY GFP_KERNEL GFP_NOFS GFP_ATOMIC
            GFP_NOIO __GFP_HIGH __GFP_WAIT __GFP_ATOMIC __GFP_IO __GFP_COLD __GFP_NOWARN __GFP_REPEAT __GFP_NOFAIL
            __GFP_NORETRY __GFP_COMP __GFP_ZERO __GFP_NOMEMALLOC __GFP_MEMALLOC __GFP_HARDWALL __GFP_THISNODE
            __GFP_RECLAIMABLE __GFP_KMEMCG __GFP_MOVABLE __GFP_NOTRACK __GFP_NO_KSWAPD __GFP_DIRECT_RECLAIM
            __GFP_KSWAPD_RECLAIM __GFP_OTHER_NODE
            """, underscores: false)

        /// 4.6 to 6.14 (include/trace/events/mmflags.h).
        static let names =
            composites
            + list(
                """
                GFP_DMA __GFP_HIGHMEM GFP_DMA32 __GFP_HIGH __GFP_ATOMIC __GFP_IO __GFP_FS __GFP_COLD __GFP_NOWARN
                __GFP_REPEAT __GFP_RETRY_MAYFAIL __GFP_NOFAIL __GFP_NORETRY __GFP_COMP __GFP_ZERO __GFP_NOMEMALLOC
                __GFP_MEMALLOC __GFP_HARDWALL __GFP_THISNODE __GFP_RECLAIMABLE __GFP_MOVABLE __GFP_ACCOUNT __GFP_NOTRACK
                __GFP_WRITE __GFP_RECLAIM __GFP_DIRECT_RECLAIM __GFP_KSWAPD_RECLAIM __GFP_OTHER_NODE
                """)

        /// 5.15 to 6.14.
        static let namesWithTags =
            names
            + list("__GFP_ZEROTAGS __GFP_SKIP_ZERO __GFP_SKIP_KASAN_POISON __GFP_SKIP_KASAN_UNPOISON __GFP_SKIP_KASAN")

        /// From 6.15: composites, then single flags by bit.
        static let byBit =
            composites + list("GFP_DMA GFP_DMA32 __GFP_RECLAIM")
            + GFPFlags.named.map { Self(text: $0.name, name: $0.name) }

        private static let composites = list(
            """
            GFP_TRANSHUGE GFP_TRANSHUGE_LIGHT GFP_HIGHUSER_MOVABLE GFP_HIGHUSER GFP_USER GFP_TEMPORARY
            GFP_KERNEL_ACCOUNT GFP_KERNEL GFP_NOFS GFP_ATOMIC GFP_NOIO GFP_NOWAIT
            """)
    }
}
