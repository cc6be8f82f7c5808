import PageAllocator
import Topology

/// The zones that a walk compared with their marks, a row each. Where there are many, neighbours of one kind with the
/// same verdict share a row.
struct WalkTable {
    private let looks: [ZoneLook]
    private let ignoresMarks: Bool

    /// The smallest number of neighbours that share a row.
    private static let fewestTogether = 3

    init(_ walk: Explanation.Walk) {
        looks = walk.visits.compactMap { if case .look(let look) = $0 { look.judgement } else { nil } }
        ignoresMarks = walk.flags.contains(.noWatermarks)
    }

    /// The table; empty if no zone was compared.
    func text(_ style: TextStyle) -> String {
        guard !looks.isEmpty else { return "" }
        // If all free pages count, two columns are superfluous.
        let hasUnusable = looks.contains { $0.setAside != 0 }
        var table = TextTable(
            [.right("node"), .left("zone"), .right("free")]
                + (hasUnusable ? [.right("not counted"), .right("counted")] : [])
                + [.right("mark"), .right("reserve"), .right("block"), .right("needs"), .left("verdict")])
        for group in groups {
            let amounts = [figures(group) { $0.free }]
            let usable = hasUnusable ? [figures(group) { $0.setAside }, figures(group) { $0.countable }] : []
            let needs = [
                ignoresMarks ? "-" : mark(group), ignoresMarks ? "-" : figures(group) { $0.lowmemReserve },
                figures(group) { $0.blockPages }, ignoresMarks ? "-" : figures(group) { $0.needs },
            ]
            table.add(
                [.init(NumberList.format(group.map { Int($0.zone.node.rawValue) })), .init(group[0].zone.kind)]
                    + (amounts + usable + needs).map { .init($0) } + [verdict(group)])
        }
        return table.text(style)
    }

    /// Equal neighbours together where there are enough of them; all others alone.
    var groups: [[ZoneLook]] {
        var groups: [[ZoneLook]] = []
        for look in looks {
            if let last = groups.last?.last, last.isAlike(look) {
                groups[groups.count - 1].append(look)
            } else {
                groups.append([look])
            }
        }
        return groups.flatMap { $0.count < Self.fewestTogether ? $0.map { [$0] } : [$0] }
    }

    /// "1201", or "1201-1208" where they differ.
    private func figures(_ group: [ZoneLook], _ figure: (ZoneLook) -> Int) -> String {
        let figures = group.map(figure)
        guard let least = figures.min(), let most = figures.max(), least < most else { return "\(figure(group[0]))" }
        return least < 0 ? "\(least) to \(most)" : "\(least)-\(most)"
    }

    private func mark(_ group: [ZoneLook]) -> String {
        let whole = figures(group) { $0.mark }
        return group.allSatisfy { $0.effectiveMark == $0.mark }
            ? whole : "\(figures(group) { $0.effectiveMark }) of \(whole)"
    }

    private func verdict(_ group: [ZoneLook]) -> TextTable.Cell {
        let label = group[0].fact(order: group[0].order).label
        return switch group[0].verdict {
        case .served: .init(label, .good)
        case .belowMark: .init("\(label), \(figures(group) { $0.missing }) short", .bad)
        case .noBlock, .listsEmpty: .init(label, .warning)
        }
    }
}

/// The arithmetic of a comparison as a table shows it: the requested block is added to what must be free, while the
/// kernel subtracts it from the free pages. The result is the same.
extension ZoneLook {
    /// Free pages that do not count for the request: highatomic ones and CMA's.
    var setAside: Int { unusableHighAtomic + unusableCMA }

    /// Free pages that count for the request.
    var countable: Int { free - setAside }

    /// Pages of the requested block.
    var blockPages: Int { test.blockRest + 1 }

    /// The smallest number of ``countable`` pages with which the request passes.
    var needs: Int { required + blockPages }

    /// The number of pages that are short of ``needs``.
    var missing: Int { needs - countable }

    /// Whether the zone would pass without the reserve for requests that cannot use any other zone.
    var lacksOnlyReserve: Bool { verdict == .belowMark && countable >= needs - lowmemReserve }

    fileprivate func isAlike(_ other: ZoneLook) -> Bool {
        zone.kind == other.zone.kind && level == other.level && verdict == other.verdict && verdict != .served
            && lacksOnlyReserve == other.lacksOnlyReserve
            && (effectiveMark == mark) == (other.effectiveMark == other.mark)
    }
}
