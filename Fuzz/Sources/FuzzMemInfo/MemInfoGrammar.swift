/// Writes reports by a grammar of `Mem-Info`: what any kernel could print, and much that none would. An input's bytes choose
/// at each fork of the grammar, so that libFuzzer changes one part of a report and leaves the rest well-formed; when they
/// are used up the first way is taken, which ends it.
struct MemInfoGrammar {
    /// A zone's line as it was written.
    struct Zone {
        var node: Int
        var name: String
        /// KiB.
        var free: Int
    }

    private let bytes: [UInt8]
    private var next = 0
    private(set) var text = ""
    private(set) var zones: [Zone] = []
    /// Whether a line was broken, lost, doubled or mixed with another, so that figures need not be read as written.
    private(set) var isDamaged = false

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        report()
    }

    // MARK: Choices

    private mutating func byte() -> Int {
        guard next < bytes.count else { return 0 }
        next += 1
        return Int(bytes[next - 1])
    }

    private mutating func pick<Element>(_ ways: [Element]) -> Element { ways[byte() % ways.count] }

    private mutating func chance(_ many: Int) -> Bool { byte() % many == 1 }

    /// Mostly what a machine has, now and then what none can have.
    private mutating func amount() -> Int {
        let value = byte() | byte() << 8
        switch byte() % 16 {
        case 0...9: return value * 4
        case 10...12: return value * 1024
        case 13: return 0
        case 14: return Int.max - value
        default: return 1 << (value % 62)
        }
    }

    private mutating func number() -> String {
        chance(64) ? pick(["-1", "18446744073709551615", "99999999999999999999999", "", "x", "0x10"]) : "\(amount())"
    }

    // MARK: Lines

    /// A line as it is, or as something on its way left it.
    private mutating func line(_ words: String) {
        switch byte() {
        case 250:
            text += words.prefix(byte())
            isDamaged = true
        case 251: isDamaged = true
        case 252:
            text += words + "\n" + words
            isDamaged = true
        case 253:
            let half = words.count / 2
            text += words.prefix(half) + "\n" + words.dropFirst(half)
            isDamaged = true
        case 254:
            text += words.replacing("*", with: "").replacing(":", with: pick([" ", "", "\u{1B}[1m:", "<b>"]))
            isDamaged = true
        case 255:
            text += "usb 1-1: new device\n" + words
        default: text += words
        }
        text += "\n"
    }

    private mutating func report() {
        header()
        line("Mem-Info:")
        counters()
        let nodes = 1 + byte() % 4
        if !chance(4) { for node in 0..<nodes { nodeLine(node) } }
        for node in 0..<nodes { for name in kinds(node) { zoneLines(node, name) } }
        for zone in zones where !chance(16) { blocks(zone) }
        tail(nodes)
        if chance(3) { kill() }
        if chance(4) { slub() }
        if chance(8) { text += pick(["Mem-Info:\n", text, "SLUB: Unable to allocate memory on node -1, gfp=0x820\n"]) }
    }

    private mutating func header() {
        let process = pick(["worker", "kworker/0:1", "a b", "(x)", "", "<script>", "init"])
        let order = pick(["0", "1", "3", "9", "10", "11", "63", "64", "-1", "2147483647", ""])
        let mask = pick([
            "0xcc0(GFP_KERNEL)", "0x820(GFP_ATOMIC)", "0x800(GFP_NOWAIT)", "0xd0", "0x20", "0x280da",
            "0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP)", "0x200cc0(GFP_KERNEL|__GFP_THISNODE)",
            "0xcc1(GFP_KERNEL|GFP_DMA)",
            "0xcc4(GFP_KERNEL|GFP_DMA32)", "0xffffffffffffffff", "0x0", "(GFP_", "GFP_KERNEL",
        ])
        let binding = pick([
            "", ", nodemask=(null)", ", nodemask=(null),cpuset=/,mems_allowed=0",
            ", nodemask=0-1,cpuset=/,mems_allowed=0-3",
            ", nodemask=7,cpuset=/x,mems_allowed=7", ", nodemask=9999999999,cpuset=/,mems_allowed=0-1023",
        ])
        switch byte() % 10 {
        case 0...3: line("\(process): page allocation failure: order:\(order), mode:\(mask)\(binding)")
        case 4, 5: line("\(process) invoked oom-killer: gfp_mask=\(mask), order=\(order), oom_score_adj=0")
        case 6: line("\(process): page allocation stalls for \(number())ms, order:\(order), mode:\(mask)\(binding)")
        case 7:
            line("\(process): vmalloc error: size \(number()), failed to allocate pages, mode:\(mask)\(binding)")
        case 8: line("nommu: Allocation of length \(number()) from process \(byte()) (\(process)) failed")
        default: break
        }
        let release = pick(["6.1.0", "2.6.32", "3.13.0-57", "4.9.0", "4.19.1", "5.10.0", "6.12.9", "7.2.0", "99.9", ""])
        if !chance(8) { line("CPU: 0 PID: 100 Comm: \(process) Not tainted \(release) #1") }
        for _ in 0..<byte() % 4 {
            line(
                pick([
                    " warn_alloc+0x1/0x2", " ? x+0x0/0x1", " __alloc_pages+0x1/0x2", " kmalloc+0x1/0x2",
                    " f+0x1/0x2 [m]",
                ]))
        }
    }

    private mutating func counters() {
        for name in [
            "active_anon", "inactive_anon", "active_file", "inactive_file", "unevictable", "dirty", "slab_reclaimable",
            "slab_unreclaimable", "mapped", "shmem", "pagetables", "free", "free_pcp", "free_cma",
        ] where !chance(24) {
            line(" \(name):\(number())")
        }
    }

    private mutating func nodeLine(_ node: Int) {
        var words = "Node \(node) active_anon:\(number())kB inactive_anon:\(number())kB kernel_stack:\(number())kB"
        if chance(3) { words += " Balloon:\(number())kB gpu_active:\(number())kB" }
        line(words + " all_unreclaimable? \(pick(["no", "yes"]))")
    }

    private mutating func kinds(_ node: Int) -> [String] {
        pick([
            ["Normal"], ["DMA", "DMA32"], ["DMA", "DMA32", "Normal"], ["DMA", "Normal", "HighMem"],
            ["Normal", "Movable"],
            ["Movable"], ["Device"], ["DMA", "DMA"], ["Strange"], [],
        ])
    }

    private mutating func zoneLines(_ node: Int, _ name: String) {
        let free = amount()
        zones.append(Zone(node: node, name: name, free: free))
        var words = "Node \(node) \(name) free:\(free)kB"
        for field in [
            "boost", "min", "low", "high", "reserved_highatomic", "free_highatomic", "active_anon", "inactive_anon",
            "active_file", "inactive_file", "unevictable", "writepending", "zspages", "present", "managed", "mlocked",
            "free_pcp", "local_pcp", "free_cma", "slab_unreclaimable", "unknown_field",
        ] where !chance(12) {
            words += " \(field):\(number())\(field == "reserved_highatomic" ? "KB" : "kB")"
        }
        line(words)
        guard !chance(16) else { return }
        line("lowmem_reserve[]:" + (0..<byte() % 7).map { _ in " " + number() }.joined())
    }

    private mutating func blocks(_ zone: Zone) {
        var words = "Node \(zone.node) \(zone.name):"
        var sum = 0
        let size = pick([4, 4, 4, 16, 64])
        for order in 0..<pick([11, 11, 11, 14, 10, 3, 24]) {
            let count = chance(3) ? byte() : chance(64) ? amount() : 0
            words += " \(count)*\(size << order)kB"
            if count > 0 { words += pick(["", " (U)", " (UME)", " (C)", " (H)", " (UMECHI)", " (R)", " (?)", " ("]) }
            sum = sum &+ count &* (size << order)
        }
        line(words + " = \(chance(16) ? amount() : sum)kB")
    }

    private mutating func tail(_ nodes: Int) {
        if chance(2) {
            line(
                "Node \(byte() % nodes) hugepages_total=\(number()) hugepages_free=\(number()) hugepages_surp=0 "
                    + "hugepages_size=\(pick(["2048", "1048576", "0"]))kB")
        }
        for words in [
            "total pagecache pages", "pages in swap cache", "pages RAM", "pages HighMem/MovableOnly", "pages reserved",
        ] where !chance(12) {
            line("\(number()) \(words)")
        }
        if !chance(8) {
            line("Free swap  = \(number())kB")
            line("Total swap = \(number())kB")
        }
        guard chance(4) else { return }
        line("Memory allocations (profiling is currently turned on):")
        for _ in 0..<byte() % 4 {
            let place = pick([
                "mm/vmalloc.c:1 func:f", "drivers/block/brd.c:90 [brd] func:g", "x func:", "a.c:b [c func:d",
            ])
            line("\(pick(["48.1 MiB", "1 B", "9e300 GiB", "nan MiB", "-1 KiB"])) \(number()) \(place)")
        }
    }

    private mutating func kill() {
        line("Tasks state (memory values in pages):")
        line("[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name")
        for task in 0..<byte() % 64 {
            line(
                "[\(100 + task)] 0 \(100 + task) \(number()) \(number()) \(number()) \(number()) 0 \(pick(["w", "x y", ""]))"
            )
        }
        let constraint = pick(["NONE", "CPUSET", "MEMORY_POLICY", "MEMCG", "X"])
        line(
            "oom-kill:constraint=CONSTRAINT_\(constraint),nodemask=(null),cpuset=/,mems_allowed=0,task=w,pid=100,uid=0")
        line("Out of memory: Killed process \(number()) (w) total-vm:\(number())kB, anon-rss:\(number())kB")
    }

    private mutating func slub() {
        line("SLUB: Unable to allocate memory on node \(number()), gfp=0x820(GFP_ATOMIC)")
        line("  cache: c, object size: \(number()), buffer size: \(number()), default order: \(number()), min order: 0")
        line("  node 0: slabs: \(number()), objs: \(number()), free: 0")
    }
}
