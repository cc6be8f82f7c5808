import BuddyEngine
import GFP
import SourceText

extension Topology {
    func zoneLimitProblems() -> [TopologyProblem] {
        guard let zoneLimits else { return [] }
        var problems: [TopologyProblem] = []
        var last: (name: String, limit: UInt64)?
        let given: [(name: String, limit: UInt64?, needs: ZoneKind)] = [
            ("dma", zoneLimits.dma, .dma), ("dma32", zoneLimits.dma32, .dma32), ("normal", zoneLimits.normal, .highMem),
        ]
        for (name, limit, needs) in given {
            guard let limit else { continue }
            let path: JSONPath = ["zoneLimits", .key(name)]
            if !architecture.zoneKinds.contains(needs) {
                problems.append(.init(at: path, "\(architecture.rawValue) has no zone \(needs): leave this limit away"))
            } else if limit == 0 {
                problems.append(.init(at: path, "the zone would end where it begins, at 0: leave the limit away"))
            } else if limit % UInt64(max(pageSize, 1)) != 0, limit != .max {
                problems.append(.init(at: path, "\(limit) is no multiple of the page size, \(pageSize)"))
            }
            if let last, limit < last.limit {
                let own = ByteSize(bytes: limit)
                let lower = ByteSize(bytes: last.limit)
                problems.append(.init(at: path, "\(own) is below the end of \(last.name), \(lower): zones ascend"))
            }
            last = (name, limit)
        }
        return problems
    }

    /// What would be wrong with other sysctls on this machine, at paths such as `sysctls.min_free_kbytes`.
    package func sysctlProblems(with sysctls: Sysctls) -> [TopologyProblem] {
        var changed = self
        changed.sysctls = sysctls
        return changed.sysctlProblems()
    }

    func sysctlProblems() -> [TopologyProblem] {
        var problems: [TopologyProblem] = []
        func check(_ name: String, _ holds: Bool, _ message: String, _ severity: TopologyProblem.Severity = .error) {
            if !holds { problems.append(.init(severity, at: ["sysctls", .key(name)], message)) }
        }
        // 3000 from 5.18 on, 1000 before (mm/page_alloc.c, kernel/sysctl.c).
        let highest = kernel >= KernelVersion(5, 18) ? 3000 : 1000
        check(
            "watermark_scale_factor", (1...highest).contains(sysctls.watermarkScaleFactor),
            "\(sysctls.watermarkScaleFactor) is out of range: \(kernel) takes 1 to \(highest), ten-thousandths of a zone"
        )
        check(
            "watermark_boost_factor", sysctls.watermarkBoostFactor >= 0,
            "\(sysctls.watermarkBoostFactor) is negative: use 0 for no boost; the default is 15000")
        // All of them are `int`s in the kernel.
        let most = Int(Int32.max)
        let numbers = [
            ("watermark_boost_factor", sysctls.watermarkBoostFactor), ("min_free_kbytes", sysctls.minFreeKbytes ?? 0),
            ("percpu_pagelist_high_fraction", sysctls.percpuPagelistHighFraction),
            ("lowmem_reserve_ratio", sysctls.lowmemReserveRatio.values.max() ?? 0),
        ]
        for (name, value) in numbers {
            check(name, value <= most, "\(value) is out of range: the kernel takes at most \(most)")
        }
        check(
            "percpu_pagelist_high_fraction",
            sysctls.percpuPagelistHighFraction == 0 || sysctls.percpuPagelistHighFraction >= 8,
            "\(sysctls.percpuPagelistHighFraction) is out of range: use 0, or 8 and more")
        check(
            "extfrag_threshold", (0...1000).contains(sysctls.extfragThreshold),
            "\(sysctls.extfragThreshold) is out of range: use 0 to 1000")
        check(
            "swappiness", (0...200).contains(sysctls.swappiness),
            "\(sysctls.swappiness) is out of range: use 0 to 200")
        check(
            "panic_on_oom", (0...2).contains(sysctls.panicOnOOM),
            "\(sysctls.panicOnOOM) is out of range: use 0, 1 or 2")
        check(
            "zone_reclaim_mode", (0...7).contains(sysctls.zoneReclaimMode),
            "\(sysctls.zoneReclaimMode) has unknown bits: add up 1 (reclaim), 2 (write) and 4 (unmap)")
        check(
            "numa_zonelist_order", sysctls.numaZonelistOrder == nil || kernel < KernelVersion(4, 14),
            "has no effect since 4.14: zonelists are always in node order", .warning)
        for kind in ZoneKind.allCases {
            guard let ratio = sysctls.lowmemReserveRatio[kind] else { continue }
            check("lowmem_reserve_ratio", ratio >= 0, "\(ratio) for \(kind) is negative: use 0 for no reserve")
        }
        if let kilobytes = sysctls.minFreeKbytes {
            let total = nodes.reduce(0) { $0 + $1.memory.normalized().totalPages }.multipliedReportingOverflow(
                by: max(pageSize, 1024) / 1024)
            let memory = total.overflow ? Int.max : total.partialValue
            check("min_free_kbytes", kilobytes >= 0, "\(kilobytes) is negative")
            check(
                "min_free_kbytes", kilobytes < memory || memory == 0,
                "\(kilobytes) KiB is as much as the machine has, \(memory) KiB: nothing could be allocated")
            check(
                "min_free_kbytes", kilobytes >= memory || kilobytes <= memory / 4,
                "\(kilobytes) KiB is more than a quarter of the machine's \(memory) KiB: expect constant reclaim",
                .warning)
        }
        return problems
    }

    func bootProblems() -> [TopologyProblem] {
        var problems: [TopologyProblem] = []
        let total = nodes.reduce(0) { $0 + presentMemory(of: $1).totalPages }
        func problem(_ severity: TopologyProblem.Severity, _ name: String, _ message: String) {
            problems.append(.init(severity, at: ["boot", .key(name)], message))
        }
        if let movable = boot.movableCore, movable.pages(of: total, pageSize: pageSize) >= total {
            problem(.error, "movablecore", "\(movable) is all of memory or more: nothing is left for the kernel itself")
        }
        if let kernel = boot.kernelCore, kernel.pages(of: total, pageSize: pageSize) >= total {
            problem(.warning, "kernelcore", "\(kernel) is all of memory or more: there is no Movable zone")
        }
        if boot.movableCore != nil, boot.kernelCore != nil {
            problem(
                .warning, "movablecore", "kernelcore is given too: the one that leaves the kernel more memory holds")
        }
        if boot.movableNode {
            let pluggable = nodes.filter { $0.isHotPluggable && !$0.memory.isEmpty }
            if pluggable.isEmpty {
                problem(.warning, "movable_node", "no node with memory is hotpluggable: there is no Movable zone")
            } else if nodes.allSatisfy({ $0.isHotPluggable || $0.memory.isEmpty }) {
                problem(.error, "movable_node", "all memory is hotpluggable: nothing is left for the kernel itself")
            }
            if boot.movableCore != nil || boot.kernelCore != nil {
                problem(.warning, "movable_node", "overrides kernelcore and movablecore, which have no effect")
            }
        }
        if boot.cma > 0, contiguousArea() == nil {
            problem(
                .error, "cma",
                "there is no free range of \(ByteSize(bytes: boot.cma)), in whole pageblocks, to set aside")
        }
        return problems
    }

    /// What only the finished cut shows.
    func derivedProblems() -> [TopologyProblem] {
        var problems: [TopologyProblem] = []
        let spans = zoneSpans()
        for span in spans {
            guard let index = nodes.firstIndex(where: { $0.id == span.node }) else { continue }
            let path: JSONPath = ["nodes", .index(index), "memory"]
            if !BuddySpan.holds(span.start..<span.end, maximumOrder: maximumOrder) {
                let most = ByteSize(bytes: BuddySpan.largestSpan * UInt64(pageSize))
                problems.append(
                    .init(
                        at: path,
                        "zone \(span.kind) of node \(span.node) spans \(span.spanned) pages, more than the"
                            + " \(BuddySpan.largestSpan) (\(most)) that one zone can have: split the memory over more nodes"
                    ))
            }
            if span.present == 0 {
                problems.append(
                    .init(.warning, at: path, "zone \(span.kind) of node \(span.node) is empty: it spans only a hole"))
            } else if span.managed == 0 {
                problems.append(
                    .init(
                        .warning, at: path,
                        "zone \(span.kind) of node \(span.node) is empty: all its memory is reserved"))
            }
        }
        if spans.allSatisfy({ $0.managed == 0 }) {
            problems.append(.init(at: ["reserved"], "all memory is reserved: nothing is left to allocate"))
        }
        if boot.cma > 0, contiguousArea() != nil, spans.allSatisfy({ $0.cma == 0 }) {
            problems.append(
                .init(.warning, at: ["boot", "cma"], "the area lies across two zones, so the kernel would not use it"))
        }
        if zoneLimits != nil {
            for boundary in zoneBoundaries() where boundary.frames.isEmpty && boundary.kind != .highMem {
                problems.append(
                    .init(.warning, at: ["zoneLimits"], "zone \(boundary.kind) is empty: the limits leave it no memory")
                )
            }
        }
        return problems
    }
}
