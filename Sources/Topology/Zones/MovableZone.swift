import BuddyEngine
import GFP

/// Where ZONE_MOVABLE begins on each node, computed as the kernel does at boot (`find_zone_movable_pfns_for_nodes`,
/// mm/page_alloc.c, 6.1; mm/mm_init.c, 6.12). `kernelcore=mirror` needs firmware tables and is not modelled.
struct MovableZone {
    /// By position in `Topology.nodes`; nil: the node has no such zone.
    private(set) var starts: [PageFrame?]

    private let memory: [[Range<PageFrame>]]

    /// - Parameters:
    ///   - topology: The machine.
    ///   - memory: Present memory by position in `topology.nodes`.
    ///   - boundaries: From `Topology.zoneBoundaries()`.
    init(_ topology: Topology, memory: [[Range<PageFrame>]], boundaries: [ZoneBoundary]) {
        self.memory = memory
        starts = Array(repeating: nil, count: memory.count)
        if topology.nodes.contains(where: { $0.movableStart != nil }) {
            starts = topology.nodes.map(\.movableStart)
            return
        }
        // Movable memory is cut from the highest zone that the machine has.
        guard let base = boundaries.last(where: { !$0.frames.isEmpty }) else { return }

        if topology.boot.movableNode {
            // movable_node overrides the other two.
            for (index, node) in topology.nodes.enumerated() where node.isHotPluggable {
                starts[index] = memory[index].first?.lowerBound
            }
        } else {
            let total = memory.reduce(0) { $0 + $1.totalPages }
            let largestBlock = topology.maximumOrder.pages
            guard let kernel = topology.boot.kernelPages(total: total, pageSize: topology.pageSize, block: largestBlock)
            else { return }
            spread(kernelPages: kernel, lowest: base.frames.lowerBound)
        }
        align(to: topology.maximumOrder.pages)
    }

    /// Spreads the kernel's part as evenly as the nodes' sizes allow: an equal share for each node; what small nodes
    /// could not take is shared again among one node fewer, and so on.
    private mutating func spread(kernelPages: Int, lowest: PageFrame) {
        var remaining = kernelPages
        var nodesToShare = memory.count { !$0.isEmpty }
        while nodesToShare > 0 {
            var share = remaining / nodesToShare
            for index in memory.indices where !memory[index].isEmpty {
                if remaining < share { share = remaining / nodesToShare }
                remaining -= min(remaining, extendKernelPart(of: index, by: share, lowest: lowest))
            }
            nodesToShare -= 1
            guard nodesToShare > 0, remaining > nodesToShare else { return }
        }
    }

    /// Moves the start of a node's movable part up by `share` pages. Returns how many pages the kernel gained: more
    /// than `share` if memory below `lowest` is the kernel's in any case.
    private mutating func extendKernelPart(of index: Int, by share: Int, lowest: PageFrame) -> Int {
        var left = share
        var gained = 0
        for range in memory[index] {
            var start = max(range.lowerBound, starts[index] ?? 0)
            guard start < range.upperBound else { continue }
            if start < lowest {
                let pages = min(range.upperBound, lowest) - start
                gained += pages
                left -= min(left, pages)
                guard range.upperBound > lowest else {
                    starts[index] = range.upperBound
                    continue
                }
                start = lowest
            }
            let pages = min(range.upperBound - start, left)
            starts[index] = start + pages
            gained += pages
            left -= pages
            if left == 0 { break }
        }
        return gained
    }

    private mutating func align(to block: Int) {
        for index in starts.indices {
            guard let start = starts[index]?.roundedUp(to: block), let end = memory[index].last?.upperBound else {
                starts[index] = nil
                continue
            }
            starts[index] = start.rawValue > 0 && start < end ? start : nil
        }
    }
}

extension BootParameters {
    /// The pages that must not be in ZONE_MOVABLE; nil: all.
    fileprivate func kernelPages(total: Int, pageSize: Int, block: Int) -> Int? {
        var kernel = kernelCore?.pages(of: total, pageSize: pageSize) ?? 0
        if let movable = movableCore?.pages(of: total, pageSize: pageSize), movable > 0 {
            let rounded = min((min(movable, total) + block - 1) / block * block, total)
            kernel = max(kernel, total - rounded)
        }
        return kernel > 0 && kernel < total ? kernel : nil
    }
}

extension BootParameters.Amount {
    /// The amount in whole pages, on a machine with `total` pages.
    func pages(of total: Int, pageSize: Int) -> Int {
        switch self {
        case .bytes(let bytes):
            return Int(clamping: bytes / UInt64(pageSize))
        case .percent(let percent):
            let (product, overflow) = total.multipliedReportingOverflow(by: max(percent, 0))
            return overflow ? total : product / 100
        }
    }
}
