import BuddyEngine
import GFP

extension Snapshot {
    /// The first reason why no machine can be restored from this state, as a sentence; nil if there is none.
    ///
    /// The JSON form is checked while it is read, with the place of each problem. This is for states from elsewhere.
    package func firstProblem() -> String? {
        do throws(MachineReferences.Unknown) {
            try checkNodes()
            let references = MachineReferences(topology, zones: zones.map(\.span))
            var seen: Set<ZoneReference> = []
            var spanned = 0
            for zone in zones {
                let reference = ZoneReference(node: zone.span.node, kind: zone.span.kind)
                try references.check(reference)
                guard seen.insert(reference).inserted else { throw .init(description: "it is described twice") }
                spanned += zone.span.spanned
                do throws(MachineReferences.Unknown) {
                    try check(zone, reference, references)
                } catch {
                    throw .init(description: "node \(reference.node), zone \(reference.kind): \(error)")
                }
            }
            guard spanned <= 1 << 42 else { throw .init(description: "the zones together span more than 2^42 pages") }
            return nil
        } catch { return error.description }
    }

    private func checkNodes() throws(MachineReferences.Unknown) {
        var nodes: Set<NodeID> = []
        var cpus: Set<CPUID> = []
        for node in topology.nodes {
            guard nodes.insert(node.id).inserted else { throw .init(description: "node \(node.id) appears twice") }
            for cpu in node.cpus {
                guard cpus.insert(cpu).inserted else { throw .init(description: "CPU \(cpu) appears twice") }
            }
        }
        guard !cpus.isEmpty else { throw .init(description: "there is no CPU") }
        guard topology.maximumOrder <= 15, topology.pageblockOrder <= topology.maximumOrder else {
            throw .init(
                description: "the largest order is \(topology.maximumOrder), a pageblock's \(topology.pageblockOrder)")
        }
    }

    private func check(
        _ zone: ZoneSnapshot, _ reference: ZoneReference, _ references: MachineReferences
    ) throws(MachineReferences.Unknown) {
        let span = zone.span
        guard span.start.rawValue <= 1 << 52, (0...Int(BuddySpan.largestSpan)).contains(span.spanned),
            (0...span.spanned).contains(span.present), (0...span.present).contains(span.managed),
            (0...span.managed).contains(span.cma)
        else { throw .init(description: "spanned, present, managed and CMA pages contradict each other") }
        var taken: [(first: PageFrame, pages: Int)] = []
        if case .lists(let lists) = zone.free {
            for list in lists {
                guard list.order <= topology.maximumOrder else {
                    throw .init(description: "there is no order \(list.order)")
                }
                for run in list.runs {
                    try check(run.count)
                    try check(run.first, list.order, blocks: run.count, of: span, reference, references)
                    taken.append((run.first, run.count * list.order.pages))
                }
            }
        }
        if let marks = zone.watermarks { try check(marks, SnapshotJSON.marks) }
        if let exact = zone.exact { try check(exact, of: zone, reference, references, &taken) }
        guard !areApart(taken, of: span) else { return }
        taken.sort { $0.first < $1.first }
        for (block, next) in zip(taken, taken.dropFirst()) where next.first < block.first + block.pages {
            throw .init(description: "page frame \(next.first) is on two lists")
        }
    }

    /// Whether the blocks are inside the zone and share no page; false also where that cannot be told quickly, and they
    /// must be sorted.
    private func areApart(_ blocks: [(first: PageFrame, pages: Int)], of span: ZoneSpan) -> Bool {
        guard span.spanned / 64 <= blocks.count * 8, var coverage = PageCoverage(span) else { return false }
        return blocks.allSatisfy { coverage.take($0.first, $0.pages) }
    }

    /// Like the check of `MachineReferences`, which looks the zone up each time.
    private func check(
        _ frame: PageFrame, _ order: Order, blocks: Int, of span: ZoneSpan, _ reference: ZoneReference,
        _ references: MachineReferences
    ) throws(MachineReferences.Unknown) {
        guard frame.rawValue & UInt64(order.pages - 1) == 0, frame >= span.start,
            frame + blocks * order.pages <= span.end
        else { return try references.check(frame, order, blocks: blocks, in: reference) }
    }

    private func check(
        _ exact: ExactZoneState, of zone: ZoneSnapshot, _ reference: ZoneReference, _ references: MachineReferences,
        _ taken: inout [(first: PageFrame, pages: Int)]
    ) throws(MachineReferences.Unknown) {
        try check(exact, SnapshotJSON.exact)
        try check(exact.numa, SnapshotJSON.numa)
        for run in exact.pages {
            try check(run.count)
            try check(run.first, 0, blocks: run.count, of: zone.span, reference, references)
        }
        // Pageblocks may begin before the zone and end after it: restoring checks each.
        for run in exact.pageblocks {
            try check(run.count)
            guard run.first.rawValue % UInt64(topology.pageblockOrder.pages) == 0 else {
                throw .init(description: "no pageblock begins at page frame \(run.first)")
            }
        }
        var seen: Set<CPUID> = []
        for lists in exact.perCPU {
            try references.check(lists.cpu)
            guard seen.insert(lists.cpu).inserted else {
                throw .init(description: "the lists of CPU \(lists.cpu) appear twice")
            }
            try check(lists, SnapshotJSON.perCPU)
            try check(lists, of: zone, reference, references, &taken)
        }
    }

    private func check(
        _ lists: PerCPUSnapshot, of zone: ZoneSnapshot, _ reference: ZoneReference, _ references: MachineReferences,
        _ taken: inout [(first: PageFrame, pages: Int)]
    ) throws(MachineReferences.Unknown) {
        var pages = 0
        var seen: Set<Int> = []
        for list in lists.lists {
            guard (0..<PerCPUListIndex.count).contains(list.index), seen.insert(list.index).inserted else {
                throw .init(description: "CPU \(lists.cpu) has no list \(list.index), or has it twice")
            }
            let order = PerCPUListIndex.order(ofList: list.index, hugePageOrder: topology.hugePageOrder ?? 0)
            guard list.types.isEmpty || list.types.count == list.frames.count else {
                throw .init(
                    description: "list \(list.index) of CPU \(lists.cpu) has \(list.frames.count) page frames, but "
                        + "\(list.types.count) types")
            }
            for frame in list.frames {
                try check(frame, order, blocks: 1, of: zone.span, reference, references)
                taken.append((frame, order.pages))
            }
            pages += list.frames.count * order.pages
        }
        guard pages == lists.count else {
            throw .init(description: "CPU \(lists.cpu)'s lists have \(pages) pages, its count says \(lists.count)")
        }
    }

    private func check(_ count: Int) throws(MachineReferences.Unknown) {
        guard (0...Int(BuddySpan.largestSpan)).contains(count) else {
            throw .init(description: "\(count) is more than a zone can have")
        }
    }

    private func check<Owner>(
        _ owner: Owner, _ fields: [SnapshotJSON.Field<Owner>]
    ) throws(MachineReferences.Unknown) {
        for field in fields where !field.range.contains(owner[keyPath: field.path]) {
            throw .init(
                description: "\(field.name) is \(owner[keyPath: field.path]), which is not in "
                    + "\(field.range.lowerBound)...\(field.range.upperBound)")
        }
    }
}
