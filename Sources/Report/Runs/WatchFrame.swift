import BuddyEngine
import GFP
import History
import PageAllocator
import Scenarios
import SourceText
import Topology

/// A machine at one moment as a few lines for a terminal: each zone's free memory against its marks, and its free
/// blocks.
public struct WatchFrame: Sendable {
    /// What is happening; shown above the zones.
    public var heading: String
    /// The latest events; shown below the zones.
    public var news: [String] = []
    private var zones: [Zone] = []
    private let pageSize: Int

    private struct Zone: Sendable {
        var name: String
        var free: Int
        var managed: Int
        var marks: ZoneMarks
        var perCPU: Int
        var isAwake: Bool
        /// Free blocks by order.
        var blocks: [Int]
    }

    /// The end of a bar's scale, as a multiple of the high mark: more free memory makes no difference.
    private static let marksShown = 3
    /// With a high mark below this number of pages, a bar would always be full; it then extends to the zone's size.
    private static let fewestPages = 12
    /// The largest numbers of lines for the heading and for the latest events; longer sentences are cut.
    private static let mostHeading = 3
    private static let mostNews = 2
    /// The largest number of zones whose blocks are listed.
    private static let mostWithBlocks = 4

    /// Takes a machine's state.
    public init(_ machine: borrowing Machine, heading: String) {
        self.heading = heading
        pageSize = machine.topology.pageSize
        let nodes = machine.nodeIDs
        let awake = Set(zip(nodes, machine.kswapd).filter { !$0.1.isAsleep }.map(\.0))
        for position in 0..<machine.zoneCount {
            let zone = machine.withZone(position) { zone in
                Zone(
                    name: "node \(zone.reference.node.rawValue) \(zone.reference.kind.kernelName)",
                    free: zone.buddy.freePages, managed: zone.managed,
                    marks: ZoneMarks(
                        WatermarkValues(
                            min: zone.watermark(.min), low: zone.watermark(.low), high: zone.watermark(.high),
                            boost: zone.boost)),
                    perCPU: zone.perCPUPages, isAwake: awake.contains(zone.reference.node),
                    blocks: (0...zone.buddy.maximumOrder.rawValue).map { zone.buddy.freeBlocks(Order(rawValue: $0)) })
            }
            if zone.managed > 0 { zones.append(zone) }
        }
    }

    /// The heading of a step: its number and its purpose.
    ///
    /// - Parameters:
    ///   - step: The step.
    ///   - number: Its number, from 1.
    ///   - count: The number of steps.
    public static func heading(_ step: ScenarioStep, number: Int, of count: Int) -> String {
        let title = step.about.isEmpty ? step.action.title : "\(step.about) (\(step.action.title))"
        return "Step \(number) of \(count): \(title)"
    }

    /// What was just asked of the machine, and with what result.
    ///
    /// - Parameters:
    ///   - operation: The operation.
    ///   - frame: The frame that a request got; nil: none.
    ///   - kernel: The kernel in whose form the mask is written.
    public static func words(_ operation: MachineOperation, frame: PageFrame?, kernel: KernelVersion) -> String {
        switch operation {
        case .request(let request):
            let asked =
                "\(GFPLayout.layout(for: kernel).describe(request.gfp)), order \(request.order), CPU \(request.cpu)"
            return frame.map { "\(asked): page frame \($0)" } ?? "\(asked): refused"
        case .free(let frame, let order, _): return "free page frame \(frame), order \(order)"
        case .drain: return "drain per-CPU lists"
        case .set: return "write settings"
        case .time(let microseconds): return "\(microseconds) µs pass"
        }
    }

    /// The lines to show.
    ///
    /// - Parameters:
    ///   - width: The columns of the terminal.
    ///   - height: The rows of the terminal; zones that do not fit are only counted.
    public func lines(width: Int, height: Int) -> [String] {
        let withBlocks = zones.count <= Self.mostWithBlocks
        let heading = Self.wrapped(heading, width: width, most: height < 12 ? 1 : Self.mostHeading)
        let news = news.flatMap { Self.wrapped($0, width: width, most: height < 12 ? 1 : Self.mostNews) }
        let rows = max((height - 3 - heading.count - news.count) / (withBlocks ? 2 : 1), 1)
        let names = zones.prefix(rows).map(\.name.count).max() ?? 0
        var lines = heading
        for zone in zones.prefix(rows) {
            lines.append(line(zone, name: names, width: width))
            if withBlocks {
                let blocks = zone.blocks.map { "\($0)" }.joined(separator: " ")
                lines.append(String(repeating: " ", count: names + 2) + "free blocks from order 0 on: \(blocks)")
            }
        }
        if zones.count > rows { lines.append("and \(counted(zones.count - rows, "more zone"))") }
        if height >= 12 { lines.append(Self.legend) }
        return (lines + news).map { String(VisibleText.of($0).prefix(width)) }
    }

    private static let legend = "# free; m, l, h: min, low and high mark; +: more than the bar holds"

    /// The text broken at blanks, with its end omitted if there is no room for it.
    private static func wrapped(_ text: String, width: Int, most: Int) -> [String] {
        let lines = TextStyle(width: width).wrap(text, hanging: 2).split(separator: "\n").map(String.init)
        let isCut = lines.count > most || lines.contains { $0.count > width }
        guard isCut, let last = lines.prefix(most).last else { return lines }
        return lines.prefix(most).dropLast() + [last.prefix(width - 2) + " …"]
    }

    /// `node 0 Normal  [####m##l#h#####+] 912 KiB of 1 MiB, min 128 KiB, kswapd awake`.
    private func line(_ zone: Zone, name width: Int, width columns: Int) -> String {
        let amounts =
            " \(memory(zone.free)) of \(memory(zone.managed)) free, min \(memory(zone.marks.min + zone.marks.boost))"
            + (zone.marks.boost > 0 ? " (boosted)" : "")
            + (zone.perCPU > 0 ? ", \(memory(zone.perCPU)) on CPUs' lists" : "")
            + (zone.isAwake ? ", kswapd awake" : "")
        let name = zone.name.padding(to: width)
        let room = min(max(columns - width - 4 - amounts.count, 12), 60)
        return "\(name)  [\(bar(zone, room))]\(amounts)"
    }

    /// A bar in which `#` is free memory and m, l and h are the marks, where they are far enough apart.
    private func bar(_ zone: Zone, _ columns: Int) -> String {
        let marks = [zone.marks.min, zone.marks.low, zone.marks.high].map { $0 + zone.marks.boost }
        let hasMarks = marks[2] >= Self.fewestPages
        let most = max(hasMarks ? marks[2] * Self.marksShown : zone.managed, 1)
        func column(_ pages: Int) -> Int { min(max(pages, 0) * columns / most, columns - 1) }
        var bar = [Character](repeating: ".", count: columns)
        for place in 0..<min(max(zone.free, 0) * columns / most, columns) { bar[place] = "#" }
        if hasMarks { for (mark, letter) in zip(marks, Array("mlh")) { bar[column(mark)] = letter } }
        if zone.free > most { bar[columns - 1] = "+" }
        return String(bar)
    }

    private func memory(_ pages: Int) -> String { MemoryAmount.text(pages: pages, pageSize: pageSize) }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(width - count, 0)) }
}
