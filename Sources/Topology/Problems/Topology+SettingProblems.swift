import BuddyEngine
import GFP
import SourceText

extension Topology {
    func zoneLimitProblems() -> [SourceProblem] {
        guard let zoneLimits else { return [] }
        var problems: [SourceProblem] = []
        var last: (name: String, limit: UInt64)?
        let given: [(name: String, limit: UInt64?, needs: ZoneKind)] = [
            ("dma", zoneLimits.dma, .dma), ("dma32", zoneLimits.dma32, .dma32), ("normal", zoneLimits.normal, .highMem),
        ]
        for (name, limit, needs) in given {
            guard let limit else { continue }
            let path: JSONPath = ["zoneLimits", .key(name)]
            if !architecture.zoneKinds.contains(needs) {
                problems.append(.init(at: path, "\(architecture.rawValue) has no zone \(needs): omit this limit"))
            } else if limit == 0 {
                problems.append(.init(at: path, "the zone would end where it begins, at 0: omit the limit"))
            } else if limit % UInt64(max(pageSize, 1)) != 0, limit != .max {
                problems.append(.init(at: path, "\(limit) is not a multiple of the page size, \(pageSize)"))
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

    /// What would be wrong with `sysctls` on this machine, at paths such as `sysctls.min_free_kbytes`.
    package func sysctlProblems(with sysctls: Sysctls) -> [SourceProblem] {
        var changed = self
        changed.sysctls = sysctls
        return changed.sysctlProblems()
    }

    func sysctlProblems() -> [SourceProblem] {
        var problems: [SourceProblem] = []
        func check(_ name: String, _ holds: Bool, _ message: String, _ severity: SourceProblem.Severity = .error) {
            if !holds { problems.append(.init(severity, at: ["sysctls", .key(name)], message)) }
        }
        func check(_ sysctl: Sysctl, _ number: Int, of kind: ZoneKind? = nil) {
            guard var problem = sysctl.problem(number, kernel) else { return }
            if let kind { problem = problem.replacing("\(number) is", with: "\(number) for \(kind) is") }
            check(sysctl.name, false, problem)
        }
        for sysctl in Sysctl.all {
            switch sysctl.field {
            case .number(let path): check(sysctl, sysctls[keyPath: path])
            case .derived(let path): if let number = sysctls[keyPath: path] { check(sysctl, number) }
            case .byZone(let path):
                for kind in ZoneKind.allCases {
                    if let number = sysctls[keyPath: path][kind] { check(sysctl, number, of: kind) }
                }
            case .flag, .word: break
            }
            if let since = sysctl.since, kernel < since, sysctl.isSet(in: sysctls) {
                check(sysctl.name, false, "came with Linux \(since); it has no effect on \(kernel)", .warning)
            }
        }
        check(
            "numa_zonelist_order", sysctls.numaZonelistOrder == nil || !kernel.has(.nodeOrderOnly),
            "has no effect since \(KernelFeature.nodeOrderOnly.release): zonelists are always in node order", .warning)
        check(
            "numa_zonelist_order",
            sysctls.numaZonelistOrder.map { "dDnNzZ".contains($0.first ?? " ") } ?? true,
            "\"\(sysctls.numaZonelistOrder ?? "")\" is not an order: use \"default\", \"node\" or \"zone\"")
        if let kilobytes = sysctls.minFreeKbytes {
            let total = nodes.reduce(0) { $0 + $1.memory.normalized().totalPages }.multipliedReportingOverflow(
                by: max(pageSize, 1024) / 1024)
            let memory = total.overflow ? Int.max : total.partialValue
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

    func bootProblems() -> [SourceProblem] {
        var problems: [SourceProblem] = []
        let total = nodes.reduce(0) { $0 + presentMemory(of: $1).totalPages }
        func problem(_ severity: SourceProblem.Severity, _ name: String, _ message: String) {
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
                .warning, "movablecore", "kernelcore is given too: the one that leaves the kernel more memory applies")
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
        if let cma = boot.cma, unplacedContiguousSize > 0, contiguousArea() == nil {
            problem(
                .error, "cma", "there is no free range of \(ByteSize(bytes: cma)), in whole pageblocks, to set aside")
        }
        return problems
    }

    /// Problems that only show once memory is divided into zones.
    func derivedProblems() -> [SourceProblem] {
        var problems: [SourceProblem] = []
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
        if boot.cma ?? 0 > 0, !effectiveContiguousAreas.isEmpty, spans.allSatisfy({ $0.cma == 0 }) {
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
