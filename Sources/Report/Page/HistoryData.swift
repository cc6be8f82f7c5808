import BuddyEngine
import GFP
import History
import PageAllocator
import SourceText
import Topology

/// A history in the form that the page's script reads: JSON with events and their parts as lists of numbers
/// (`Sources/BrowserCode/State/forms.mjs` has their names).
///
/// Texts are stored in tables and referred to by index. The JSON is written directly: a value for each number would
/// take more memory than the history itself.
struct HistoryData {
    private let history: MachineHistory
    private let layout: GFPLayout
    private let zones: [ZoneReference: Int]
    private let cpus: [CPUID: Int]
    private let reserves: ReserveRules
    private var masks = TextIndex()
    private var texts = TextIndex()

    init(_ history: MachineHistory) {
        self.history = history
        layout = GFPLayout.layout(for: history.profile.version)
        reserves = history.profile.walk.reserves
        zones = Dictionary(
            uniqueKeysWithValues: history.start.zones.enumerated().map {
                (ZoneReference(node: $1.span.node, kind: $1.span.kind), $0)
            })
        let ids = history.start.topology.nodes.flatMap(\.cpus).sorted()
        cpus = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0) })
    }

    /// The JSON text.
    ///
    /// - Parameters:
    ///   - steps: The titles of the scenario's steps; empty: there are none.
    mutating func text(steps: [String]) -> String {
        var out = "{\"format\":3,\"events\":["
        for (index, event) in history.events.enumerated() {
            if index > 0 { out += ",\n" }
            write(event, to: &out)
        }
        let topology = history.start.topology
        out += "],\n\"leftOut\":\(history.leftOut),\"stretches\":["
        write(history.stretches, to: &out)
        out += "],\n\"pageSize\":\(topology.pageSize),\"maxOrder\":\(topology.maximumOrder.rawValue)"
        out += ",\"pageblockOrder\":\(min(topology.pageblockOrder, topology.maximumOrder).rawValue)"
        out += ",\"hugeOrder\":\((topology.hugePageOrder ?? 0).rawValue)"
        out += ",\"cpus\":" + Self.list(cpus.keys.sorted().map { Int($0.rawValue) })
        out += ",\"nodes\":[" + topology.nodes.map { node($0, topology) }.joined(separator: ",")
        out += "],\n\"zones\":[" + history.start.zones.map { zone($0, topology) }.joined(separator: ",\n")
        out += "],\n\"awake\":"
        out += Self.list(topology.nodes.map { history.start.kswapd[$0.id]?.isAsleep ?? true ? 0 : 1 })
        out += ",\"steps\":" + Self.list(steps) + ",\"masks\":" + Self.list(masks.texts)
        out += ",\"texts\":" + Self.list(texts.texts)
        let facts: [(name: String, fact: WalkFact)] = [
            ("highAtomic", .keptForHighAtomic), ("cma", .ofCMA), ("boost", .boosted),
        ]
        out += ",\"words\":{"
        out += facts.map { "\"\($0.name)\":" + Self.quoted($0.fact.clause) }.joined(separator: ",") + "}}"
        return out
    }

    private func node(_ node: Topology.Node, _ topology: Topology) -> String {
        let pages = history.start.zones.filter { $0.span.node == node.id }.reduce(0) { $0 + $1.span.managed }
        let names = NumberList.format(node.cpus.map { Int($0.rawValue) }.sorted())
        let distances = topology.nodes.map { other in
            topology.distances.distance(from: node.id, to: other.id).map { Int($0) } ?? -1
        }
        return "{\"id\":\(Int(node.id.rawValue)),\"cpus\":\(Self.quoted(names)),\"pages\":\(pages)"
            + ",\"distances\":\(Self.list(distances))}"
    }

    private func zone(_ zone: ZoneSnapshot, _ topology: Topology) -> String {
        let span = zone.span
        let marks = zone.watermarks
        var out = "{\"node\":\(topology.nodes.firstIndex { $0.id == span.node } ?? 0),\"name\":"
        out += Self.quoted(span.kind.kernelName) + ",\"start\":\(span.start.rawValue),\"end\":\(span.end.rawValue)"
        out += ",\"managed\":\(span.managed),\"marks\":"
        out += Self.list([
            marks?.min ?? 0, marks?.low ?? 0, marks?.high ?? 0, marks?.promo ?? marks?.high ?? 0, marks?.boost ?? 0,
        ])
        out += ",\"segments\":["
        out += (span.managedRanges.isEmpty ? [span.start..<span.end] : span.managedRanges).map {
            Self.list([Int($0.lowerBound.rawValue), Int($0.upperBound.rawValue)])
        }.joined(separator: ",")
        out += "],\"lists\":[" + lists(zone).joined(separator: ",") + "],\"pageblocks\":["
        out += (zone.exact?.pageblocks ?? []).map {
            Self.list([Int($0.first.rawValue), $0.count, Int($0.type.rawValue)])
        }.joined(separator: ",")
        out += "],\"percpu\":[" + (zone.exact?.perCPU ?? []).map(perCPU).joined(separator: ",") + "]}"
        return out
    }

    private func lists(_ zone: ZoneSnapshot) -> [String] {
        guard case .lists(let lists) = zone.free else { return [] }
        return lists.map { list in
            "[\(list.order.rawValue),\(list.type.rawValue),"
                + Self.list(list.runs.flatMap { [Int($0.first.rawValue), $0.count] }) + "]"
        }
    }

    private func perCPU(_ lists: PerCPUSnapshot) -> String {
        "[\(cpus[lists.cpu] ?? -1),["
            + lists.lists.map { "[\($0.index)," + Self.list($0.frames.map { Int($0.rawValue) }) + "]" }
            .joined(separator: ",") + "]]"
    }

    // MARK: Events

    private mutating func write(_ event: HistoryEvent, to out: inout String) {
        var head = [event.step ?? -1, Int(event.digest)]
        switch event.operation {
        case .request(let request):
            let nodes = request.nodemask.map { mask in
                texts.place(NumberList.format(mask.nodes.map { Int($0.rawValue) }))
            }
            head = [0] + head
            head += [
                masks.place(layout.describe(request.gfp)), Int(request.order.rawValue), cpus[request.cpu] ?? -1,
                request.node.map { Int($0.rawValue) } ?? -1, nodes ?? -1, event.frame.map { Int($0.rawValue) } ?? -1,
            ]
        case .free(let frame, let order, let cpu):
            head = [1] + head + [Int(frame.rawValue), Int(order.rawValue), cpus[cpu] ?? -1]
        case .drain(let cpu): head = [2] + head + [cpu.flatMap { cpus[$0] } ?? -1]
        case .set: head = [3] + head
        case .time(let microseconds): head = [4] + head + [microseconds]
        }
        out += "[" + head.map(String.init).joined(separator: ",") + ",["
        for (index, part) in event.parts.enumerated() {
            if index > 0 { out += "," }
            out += Self.list(numbers(of: part))
        }
        out += "]]"
    }

    private mutating func numbers(of part: HistoryPart) -> [Int] {
        switch part {
        case .event(let event): numbers(of: event)
        case .marks(let zone, let marks): [16, zone, marks.min, marks.low, marks.high, marks.promo, marks.boost]
        case .kswapd(let node, let isAwake): [17, node, isAwake ? 1 : 0]
        case .nested(.free(let frame, let order, let cpu)):
            [18, Int(frame.rawValue), Int(order.rawValue), cpus[cpu] ?? -1]
        case .nested(.request): [19, 0]
        case .nested(.drain): [19, 2]
        case .nested(.set): [19, 3]
        case .nested(.time): [19, 4]
        }
    }

    private mutating func numbers(of event: MachineEvent) -> [Int] {
        switch event {
        case .lists(let change): Self.numbers(of: change)
        case .perCPU(let change):
            [
                5, change.cpu, change.list, Int(change.frame.rawValue), Int(change.order.rawValue),
                Int(change.action.rawValue),
            ]
        case .fellBack(let event):
            [
                6, Int(event.frame.rawValue), Int(event.order.rawValue), Int(event.foundOrder.rawValue),
                Int(event.wanted.rawValue), Int(event.takenFrom.rawValue), Int(event.pageblockType.rawValue),
            ]
        case .walk(let flags, let isRestart):
            [7, texts.place(flags.description(under: reserves)), isRestart ? 1 : 0]
        case .judged(let look): numbers(of: look)
        case .passedOver(let zone, let reason): [9, zones[zone] ?? -1, texts.place(reason.words(isPolicy: false))]
        case .kswapd(let wake):
            [
                10, Int(wake.node.rawValue), zones[ZoneReference(node: wake.node, kind: wake.zone)] ?? -1,
                Int(wake.order.rawValue), wake.awakened ? 1 : 0,
            ]
        case .kswapdSlept(let node): [11, Int(node.rawValue)]
        case .kcompactd(let wake):
            [20, Int(wake.node.rawValue), Int(wake.order.rawValue), wake.isProactive ? 1 : 0]
        case .kcompactdSlept(let node): [21, Int(node.rawValue)]
        case .reclaimed(let call, let freed):
            [
                12, Int(call.node.rawValue), Self.number(of: call.reason), Int(call.order.rawValue), call.priority,
                freed,
            ]
        case .compacted(let event):
            [
                13, zones[event.zone] ?? -1, Int(event.order.rawValue), texts.place("\(event.result)"), event.moved,
                event.isBackground ? 1 : 0,
            ]
        case .outOfMemory(let event): numbers(of: event)
        case .boosted(let zone, let pages): [15, zones[zone] ?? -1, pages]
        }
    }

    private mutating func numbers(of look: ZoneLook) -> [Int] {
        [
            8, zones[look.zone] ?? -1, Int(look.level.rawValue), look.mark, look.boost, look.free,
            look.test.blockRest, look.unusableHighAtomic, look.unusableCMA, look.effectiveMark, look.lowmemReserve,
            texts.place(look.fact(order: look.order).clause),
        ]
    }

    private mutating func numbers(of event: OutOfMemoryEvent) -> [Int] {
        let words =
            switch event.verdict {
            case .notTried(.costlyOrder): "nobody is killed: it does not help against fragmentation"
            case .notTried(.callerHasFallback): "nobody is killed: the caller has another way"
            case .notTried(.boundToNode): "nobody is killed: a victim need not be on that node"
            case .notTried(.lowZone): "nobody is killed: processes hardly have such pages"
            case .notTried(.noFileSystem): "nobody is killed: too little could be reclaimed to be sure"
            case .killed(let name): "\(name) is killed"
            case .stillDying: "an earlier victim is still on its way out"
            case .panic: "there is nobody to kill: the kernel panics"
            }
        return [14, texts.place(words), Int(event.order.rawValue), event.concernsKilling ? 1 : 0]
    }

    private static func numbers(of change: FreeListChange) -> [Int] {
        switch change {
        case .taken(let frame, let order, let kept, let keptOrder, let type):
            [
                1, Int(frame.rawValue), Int(order.rawValue), Int(kept.rawValue), Int(keptOrder.rawValue),
                Int(type.rawValue),
            ]
        case .merged(let frame, let order, let into, let mergedOrder, let type, let atTail):
            [
                2, Int(frame.rawValue), Int(order.rawValue), Int(into.rawValue), Int(mergedOrder.rawValue),
                Int(type.rawValue), atTail ? 1 : 0,
            ]
        case .moved(let frame, let order, let type):
            [3, Int(frame.rawValue), Int(order.rawValue), Int(type.rawValue)]
        case .retyped(let frame, let pageblocks, let type):
            [4, Int(frame.rawValue), pageblocks, Int(type.rawValue)]
        }
    }

    private static func number(of reason: ReclaimCall.Reason) -> Int {
        switch reason {
        case .kswapd: 0
        case .direct: 1
        case .node: 2
        }
    }

    static func list(_ numbers: [Int]) -> String {
        var text = "["
        for (index, number) in numbers.enumerated() {
            if index > 0 { text += "," }
            text += number.description
        }
        return text + "]"
    }

    private static func list(_ texts: [String]) -> String { "[" + texts.map(quoted).joined(separator: ",") + "]" }

    /// A JSON string that no parser of the page takes for markup; characters that could do something in a text from
    /// outside are shown as such.
    private static func quoted(_ text: String) -> String {
        JSONValue(VisibleText.of(text)).text(pretty: false).replacing("<", with: "\\u003c")
    }
}

/// Texts by their index, each stored once.
private struct TextIndex {
    private(set) var texts: [String] = []
    private var places: [String: Int] = [:]

    mutating func place(_ text: String) -> Int {
        if let place = places[text] { return place }
        places[text] = texts.count
        texts.append(text)
        return texts.count - 1
    }
}
