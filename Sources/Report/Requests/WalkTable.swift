import PageAllocator
import Topology

/// The zones that a walk compared with their marks, a row each. Neighbours of one kind with one verdict share a row
/// where there are many: of eight nodes that are all full, each says the same.
struct WalkTable {
    private let looks: [ZoneLook]
    private let ignoresMarks: Bool

    /// That many neighbours and more share a row.
    private static let fewestTogether = 3

    init(_ walk: Explanation.Walk) {
        looks = walk.visits.compactMap { if case .look(let look) = $0 { look.judgement } else { nil } }
        ignoresMarks = walk.flags.contains(.noWatermarks)
    }

    /// Empty if no zone was compared.
    func text(_ style: TextStyle) -> String {
        guard !looks.isEmpty else { return "" }
        // Where all that is free may be counted, two columns say nothing.
        let hasUnusable = looks.contains { $0.setAside != 0 }
        var table = TextTable(
            [.right("node"), .left("zone"), .right("free")]
                + (hasUnusable ? [.right("unusable"), .right("usable")] : [])
                + [.right("mark"), .right("reserve"), .right("block"), .right("needs"), .left("verdict")])
        for group in groups {
            let amounts = [figures(group) { $0.free }]
            let usable = hasUnusable ? [figures(group) { $0.setAside }, figures(group) { $0.countable }] : []
            let needs = [
                ignoresMarks ? "-" : mark(group), ignoresMarks ? "-" : figures(group) { $0.lowmemReserve },
                figures(group) { $0.blockPages }, ignoresMarks ? "-" : figures(group) { $0.needs },
            ]
            table.add(
                [.init(ZoneNames.nodes(group.map { Int($0.zone.node.rawValue) })), .init(group[0].zone.kind)]
                    + (amounts + usable + needs).map { .init($0) } + [verdict(group)])
        }
        return table.text(style)
    }

    /// Neighbours that are alike, where there are many of them; all others alone.
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
        switch group[0].verdict {
        case .served: .init("served", .good)
        case .belowMark:
            .init("\(figures(group) { $0.missing }) short" + (group[0].lacksOnlyReserve ? " of reserve" : ""), .bad)
        case .noBlock: .init("no such block", .warning)
        case .listsEmpty: .init("lists empty", .warning)
        }
    }
}

/// The arithmetic of a look as a table adds it up: the block that is asked for with what must be free, not with what may
/// not be counted, as the kernel has it. The comparison is the same.
extension ZoneLook {
    /// Free pages that the request may not count: highatomic ones and CMA's.
    var setAside: Int { unusableHighAtomic + unusableCMA }

    /// Free pages that the request may count.
    var countable: Int { free - setAside }

    /// Of the block that is asked for.
    var blockPages: Int { test.blockRest + 1 }

    /// That many pages or more must be ``countable``.
    var needs: Int { required + blockPages }

    /// Pages that are missing to ``needs``.
    var missing: Int { needs - countable }

    /// It would pass, did it not keep pages back for requests that can do with no other zone.
    var lacksOnlyReserve: Bool { verdict == .belowMark && countable >= needs - lowmemReserve }

    fileprivate func isAlike(_ other: ZoneLook) -> Bool {
        zone.kind == other.zone.kind && level == other.level && verdict == other.verdict && verdict != .served
            && lacksOnlyReserve == other.lacksOnlyReserve
            && (effectiveMark == mark) == (other.effectiveMark == other.mark)
    }
}
