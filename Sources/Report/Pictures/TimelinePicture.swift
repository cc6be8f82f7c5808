import BuddyEngine
import History
import PageAllocator
import SourceText
import Topology

/// A history as a picture: each zone's free memory over the events, against its marks, on a scale of the zone's own.
public struct TimelinePicture: Sendable {
    private let history: MachineHistory
    private let title: String
    private let lanes: [Lane]

    /// One zone in which something happened.
    private struct Lane {
        var zone: ZoneSnapshot
        var position: Int
        /// Free pages, first at the start and then after each event.
        var free: [Int]
    }

    private static let mostLanes = 16
    private static let laneHeight = 120
    private static let left = 90
    private static let plotWidth = 790
    private static let plotHeight = 72

    public init(_ history: MachineHistory, title: String) {
        self.history = history
        self.title = title
        lanes = Self.lanes(history)
    }

    private static func lanes(_ history: MachineHistory) -> [Lane] {
        var lanes = history.start.zones.enumerated().map { position, zone in
            Lane(zone: zone, position: position, free: [zone.pagesOnLists])
        }
        for event in history.events {
            for lane in lanes.indices { lanes[lane].free.append(lanes[lane].free.last ?? 0) }
            for part in event.parts {
                guard case .event(.lists(let change)) = part, let (frame, pages) = change.pagesFreed,
                    let lane = lanes.firstIndex(where: { $0.zone.span.contains(frame) })
                else { continue }
                lanes[lane].free[lanes[lane].free.count - 1] += pages
            }
        }
        let moved = lanes.filter { lane in lane.free.contains { $0 != lane.free[0] } }
        return Array((moved.isEmpty ? lanes : moved).prefix(mostLanes))
    }

    public var svg: String {
        var content: Markup = ""
        for (index, lane) in lanes.enumerated() { content += draw(lane, y: 56 + index * Self.laneHeight) }
        let rest = history.start.zones.count - lanes.count
        let note =
            rest > 0
            ? "; \(counted(rest, "zone")) in which nothing changed, or beyond \(Self.mostLanes), not drawn" : ""
        let about =
            "free memory after each of \(counted(history.events.count, "event")), each zone on its own scale\(note)"
        content += Picture.text(about, x: 20, y: 44)
        return Picture(
            height: 72 + lanes.count * Self.laneHeight, title: title,
            description: lanes.map(words).joined(separator: "; "), content: content
        ).svg
    }

    private func name(_ lane: Lane) -> String {
        "node \(lane.zone.span.node.rawValue) \(lane.zone.span.kind.kernelName)"
    }

    private func memory(_ pages: Int) -> String {
        MemoryAmount.text(pages: pages, pageSize: history.start.topology.pageSize)
    }

    private func words(_ lane: Lane) -> String {
        "\(name(lane)): \(memory(lane.free[0])) free at the start, \(memory(lane.free.last ?? 0)) at the end, "
            + "\(memory(lane.free.min() ?? 0)) at the least"
    }

    private func draw(_ lane: Lane, y: Int) -> Markup {
        let most = max(lane.free.max() ?? 1, 1)
        let bottom = y + 18 + Self.plotHeight
        func height(_ pages: Int) -> Int {
            bottom - Int(Double(min(pages, most)) / Double(most) * Double(Self.plotHeight))
        }
        var lines = Picture.text(name(lane), x: Self.left, y: y + 10, fill: "#1a1a1a")
        for share in [0, 1, 2] {
            let pages = most / 2 * share
            lines += Picture.line(
                (Self.left, height(pages)), (Self.left + Self.plotWidth, height(pages)), stroke: "#d5d9e0")
            lines += Picture.text(memory(pages), x: Self.left - 6, y: height(pages) + 4, anchor: "end")
        }
        lines += curve(lane, height)
        lines += marks(lane, height)
        for (share, number) in [(0, history.firstNumber), (1, history.leftOut + history.events.count)] {
            lines += Picture.text(
                "event \(number)", x: Self.left + share * Self.plotWidth, y: bottom + 14,
                anchor: share == 0 ? "start" : "end")
        }
        return lines
    }

    /// By column, the most and the least that was free there.
    private func curve(_ lane: Lane, _ height: (Int) -> Int) -> Markup {
        let last = max(lane.free.count - 1, 1)
        let columns = min(Self.plotWidth, last)
        var points: [String] = []
        for column in 0...columns {
            let from = column * last / columns
            let to = max((column + 1) * last / columns, from + 1)
            let part = lane.free[min(from, lane.free.count - 1)..<min(to, lane.free.count)]
            let x = Self.left + column * Self.plotWidth / columns
            for pages in [part.max(), part.min()].compactMap({ $0 }) { points.append("\(x),\(height(pages))") }
        }
        return "<polyline points=\"\(points.joined(separator: " "))\" fill=\"none\" stroke=\"#2457b8\"/>\n"
    }

    /// As they were at the start, with their boost.
    private func marks(_ lane: Lane, _ height: (Int) -> Int) -> Markup {
        guard let marks = lane.zone.watermarks else { return "" }
        var lines: Markup = ""
        var free = Int.max
        for (level, mark) in [marks.min, marks.low, marks.high].enumerated() {
            let y = height(mark + marks.boost)
            lines += Picture.line(
                (Self.left, y), (Self.left + Self.plotWidth, y), stroke: Picture.markColors[level], dashes: "5 3")
            guard y + 11 <= free else { continue }
            lines += Picture.text(
                Picture.markNames[level], x: Self.left + Self.plotWidth + 6, y: y + 4, fill: Picture.markColors[level])
            free = y
        }
        return lines
    }
}

extension FreeListChange {
    /// Pages that the free lists have more, and one of the zone's page frames; nil: none more or fewer.
    fileprivate var pagesFreed: (PageFrame, pages: Int)? {
        switch self {
        case .taken(_, _, let kept, let order, _): (kept, -order.pages)
        case .merged(let frame, let order, _, _, _, _): (frame, order.pages)
        case .moved, .retyped: nil
        }
    }
}

extension ZoneSnapshot {
    fileprivate var pagesOnLists: Int {
        guard case .lists(let lists) = free else { return freePages ?? 0 }
        return lists.reduce(0) { sum, list in sum + list.runs.reduce(0) { $0 + $1.count * list.order.pages } }
    }
}

extension ZoneSpan {
    fileprivate func contains(_ frame: PageFrame) -> Bool {
        managedRanges.isEmpty ? start <= frame && frame < end : managedRanges.contains { $0.contains(frame) }
    }
}
