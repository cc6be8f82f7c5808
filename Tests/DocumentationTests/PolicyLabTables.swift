import Foundation
import NUMAZones
import TestSupport

/// What the policies of Documentation/Kernels/PolicyLab.md do, measured: the tables of that page.
enum PolicyLabTables {
    // MARK: - Bursts of requests that cannot sleep

    /// What came of a machine full of page cache, whose interrupts ask for more at a time than it keeps free.
    struct Bursts {
        var refused = 0
        var asked = 0
        var reclaimed = 0
        /// Free pages before each burst, added up.
        var free = 0

        static let rounds = 300

        /// Runs them: between bursts a file is read, and kswapd shares the CPU with who reads it.
        init(settings: [String], policy: (any AllocatorPolicy)? = nil) throws {
            var topology = Topology(nodes: [.init(id: 0, cpus: [0], memory: [0..<0x20000])])
            topology.kernel = KernelVersion(6, 12)
            try topology.apply(try settings.map { try SettingChange($0) })
            var machine = try Machine(topology, policy: policy)
            machine.reclaimTiming = .sharedCPU(CPUCosts(request: 2, reclaimedPage: 1))
            let cache = LRUReclaim()
            while let page = machine.allocate(AllocationRequest(.GFP_HIGHUSER_MOVABLE)) {
                cache.add(page..<(page + 1), .file, in: &machine)
            }
            machine.reclaimHook = cache
            var random = SeededRandom(seed: 12)
            for _ in 0..<Self.rounds {
                for _ in 0..<200 {
                    guard let page = machine.allocate(AllocationRequest(.GFP_HIGHUSER_MOVABLE)) else { continue }
                    cache.add(page..<(page + 1), .file, in: &machine)
                    machine.letTimePassForRequest()
                }
                free += machine.freePages
                burst(of: 200 + Int(random.next() % 1600), on: &machine)
                machine.letTimePass(10_000)
            }
            reclaimed = machine.counters.pagesStolenByKswapd + machine.counters.pagesStolenDirectly
        }

        /// An interrupt asks for that many pages; all are given back once they have been dealt with.
        private mutating func burst(of count: Int, on machine: inout Machine) {
            var pages: [PageFrame] = []
            for _ in 0..<count {
                let page = machine.allocate(AllocationRequest(.GFP_ATOMIC, task: .interrupt))
                if let page { pages.append(page) } else { refused += 1 }
            }
            asked += count
            for page in pages { machine.free(page, order: 0) }
        }
    }

    static func burstTable() throws -> String {
        let cases: [(String, [String], (any AllocatorPolicy)?)] = [
            ("as 6.12 is", [], nil), ("`BoostsAfterAtomicFailure`", [], BoostsAfterAtomicFailure()),
            ("`vm.watermark_scale_factor=50`", ["vm.watermark_scale_factor=50"], nil),
            ("`vm.watermark_scale_factor=200`", ["vm.watermark_scale_factor=200"], nil),
            ("`vm.min_free_kbytes` doubled", ["vm.min_free_kbytes=5632"], nil),
            ("`vm.min_free_kbytes` four times as much", ["vm.min_free_kbytes=11264"], nil),
        ]
        var text = "| | refused, of \(try Bursts(settings: []).asked) | free before a burst | pages reclaimed |\n"
        text += "|---|---|---|---|\n"
        for (name, settings, policy) in cases {
            let bursts = try Bursts(settings: settings, policy: policy)
            text += "| \(name) | \(bursts.refused) | \(bursts.free / Bursts.rounds) | \(bursts.reclaimed) |\n"
        }
        return text
    }

    // MARK: - vm.defrag_mode

    static func defragTable() throws -> String {
        let path = SharedMaterial.packageRoot.appendingPathComponent("Config/scenarios/defrag-slub.json5").path
        var text = "| rules | served | refused | pages free | the scenario |\n|---|---|---|---|---|\n"
        for rules in ["rescuesInDefragMode=false", "rescuesInDefragMode=true"] {
            var story = try Scenario.load(path)
            story.apply([try RuleChange(rules)])
            let result = try story.run()
            guard case .allocated(let slab)? = result.steps.first(where: { $0.path.description == "steps[4]" })?.outcome
            else {
                continue
            }
            text += "| 7.2 with `\(rules)` | \(slab.served) | \(slab.refused) | \(result.totals.free) "
            text += "| \(result.passed ? "passes" : "fails") |\n"
        }
        return text
    }

    // MARK: - Traces

    /// Traces of real kernels, replayed with page cache to reclaim.
    static func traceTable() throws -> String {
        var text = "| trace | rules | served | fallbacks | pageblocks not Movable | unusable for order 9 |\n"
        text += "|---|---|---|---|---|---|\n"
        for name in ["k61-2n-reclaim", "k612-1n-tmpfs-tar", "k612-4n-mixed"] {
            let folder = SharedMaterial.root.appendingPathComponent("oracle/traces/\(name)").path
            let start = MachineStart.snapshot(try Recording.load("\(folder)/start.json.gz").before)
            for (rules, policy) in [("as it is", nil), ("`ClaimsFromOrderFive`", ClaimsFromOrderFive())] {
                let options = ReplayOptions(reclaim: ReplayReclaim())
                var replay = try Replay(on: start, options: options, policy: policy)
                var input = try TraceInput.open("\(folder)/trace.txt.gz")
                try replay.run(&input)
                let kept = replay.machine.snapshot().zones.flatMap { $0.exact?.pageblocks ?? [] }
                    .filter { $0.type != .movable }.reduce(0) { $0 + $1.count }
                let unusable = (replay.result.fragmentation.samples.last?.unusableIndex ?? 0) * 1000
                text += "| \(name) | \(rules) | \(replay.result.served) of \(replay.result.requests) "
                text += "| \(replay.result.fallbacks) | \(kept) | \(Int(unusable.rounded())) of 1000 |\n"
            }
        }
        return text
    }
}
