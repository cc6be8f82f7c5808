import BuddyEngine
import GFP
import PageAllocator
import SourceText
import Topology

/// What became of one request, or of many equal ones.
public struct AllocationReport: Hashable, Sendable {
    public var request: AllocationRequest
    public var kernel: KernelVersion
    public var rules: RulesInForce
    public var pageSize: Int
    /// The node of the CPU that asks.
    public var cpuNode: NodeID
    public var distances: DistanceMatrix
    public var tally: AllocationTally
    /// The policy and cpuset of the task that asked; nil: none.
    public var placement: TaskPlacement?
    /// The last request, zone by zone, if that was wanted.
    public var explanation: Explanation?
    /// The explained request was made after those that the tally counts, to show what stops them.
    public var explainsOneMore: Bool
    /// The node mask that the kernel's report of a refusal names.
    public var reportedNodemask: NodeMask?
    /// Interrupted by the one who asked: there would have been more requests.
    public var isInterrupted: Bool

    /// - `machine`: the machine that served, for its distances and layout.
    public init(_ series: RequestSeries, on machine: borrowing Machine) {
        request = series.request
        placement = series.placement
        tally = series.tally
        explanation = series.explanation
        explainsOneMore = series.explainsOneMore
        reportedNodemask = series.reportedNodemask
        isInterrupted = series.isInterrupted
        let topology = machine.topology
        kernel = topology.kernel
        rules = machine.rules
        pageSize = topology.pageSize
        distances = topology.distances
        cpuNode = topology.nodes.first { $0.cpus.contains(series.request.cpu) }?.id ?? 0
    }

    /// Of a request that was explained on its way through a scenario.
    init(_ explanation: Explanation, topology: Topology, rules: RulesInForce) {
        request = explanation.request
        placement = explanation.placement
        tally = AllocationTally()
        tally.add(explanation)
        self.explanation = explanation
        explainsOneMore = false
        reportedNodemask = explanation.request.nodemask
        isInterrupted = false
        kernel = topology.kernel
        self.rules = rules
        pageSize = topology.pageSize
        distances = topology.distances
        cpuNode = topology.nodes.first { $0.cpus.contains(explanation.request.cpu) }?.id ?? 0
    }

    /// All requests were served, or all were refused, as `wanted` says.
    public func meets(_ wanted: Expectation) -> Bool {
        switch wanted {
        case .served: tally.refused == 0
        case .refused: tally.served == 0
        }
    }

    public enum Expectation: String, CaseIterable, Hashable, Sendable {
        case served, refused
    }

    /// How many first blocks are listed one by one.
    public static let mostListed = 16

    var layout: GFPLayout { GFPLayout.layout(for: kernel) }

    var maskName: String { request.gfp.isEmpty ? "none" : layout.describe(request.gfp) }

    func memory(_ pages: Int) -> String { MemoryAmount.text(pages: pages, pageSize: pageSize) }
}

extension AllocationReport {
    public func text(_ style: TextStyle = .plain) -> String {
        let explained = explanation.map { ExplanationText(self, style).text($0) }
        if tally.served + tally.refused > 1 || explainsOneMore || isInterrupted {
            return summary(style) + (explained.map { "\n" + $0 } ?? "")
        }
        if let explained { return explained }
        guard let frame = tally.firstFrames.first, let landing = tally.landings.first else {
            return style.apply(.bad, failureLine) + "\n"
        }
        return style.wrap(landingSentence(frame, landing.zone), hanging: 2)
    }

    /// Where one block lies, in one line.
    func landingSentence(_ frame: PageFrame, _ zone: ZoneReference) -> String {
        let address = frame.rawValue.multipliedReportingOverflow(by: UInt64(pageSize)).partialValue
        return "page frame \(frame) (address \(GFPReport.hexadecimal(address))), \(zone.words), "
            + "order \(request.order) (\(memory(request.order.pages)))\(distanceWords(to: zone.node))"
    }

    private func distanceWords(to node: NodeID) -> String {
        guard let distance = distances.distance(from: cpuNode, to: node) else { return "" }
        return node == cpuNode ? ", local" : ", distance \(distance) from node \(cpuNode)"
    }

    /// As the kernel's log has it (`warn_alloc`, mm/page_alloc.c).
    var failureLine: String {
        let mask = reportedNodemask.map { NumberList.format($0.nodes.map { Int($0.rawValue) }) } ?? "(null)"
        let number = layout.kernelValue(of: request.gfp).map(GFPReport.hexadecimal) ?? "?"
        let mems = placement?.cpuset.map { NumberList.format($0.nodes.nodes.map { Int($0.rawValue) }) }
        return "page allocation failure: order:\(request.order), mode:\(number)(\(maskName)), nodemask=\(mask)"
            + (mems.map { ",mems_allowed=\($0)" } ?? "")
    }

    private func summary(_ style: TextStyle) -> String {
        let total = tally.served + tally.refused
        var text = style.wrap(
            "\(counted(total, "request")) \(maskName) of order \(request.order) (\(memory(request.order.pages))) from "
                + "CPU \(request.cpu) on node \(cpuNode): \(tally.served) served "
                + "(\(memory(tally.served << Int(request.order.rawValue)))), \(tally.refused) refused"
                + (isInterrupted ? "; interrupted here" : ""))
        if !tally.landings.isEmpty {
            var table = TextTable([
                .right("node"), .left("zone"), .right("distance"), .right("from request"), .right("served"),
                .right("memory"), .right("lowest frame"), .right("highest frame"),
            ])
            for landing in tally.landings {
                table.add([
                    .init(landing.zone.node), .init(landing.zone.kind),
                    .init(distances.distance(from: cpuNode, to: landing.zone.node).map(String.init) ?? "?"),
                    .init(landing.firstRequest), .init(landing.requests),
                    .init(memory(landing.requests << Int(request.order.rawValue))), .init(landing.lowestFrame),
                    .init(landing.highestFrame),
                ])
            }
            text += "\n" + table.text(style)
        }
        if total <= Self.mostListed, !tally.firstFrames.isEmpty {
            let frames = tally.firstFrames.map(\.description).joined(separator: " ")
            text += "\n" + style.wrap("Page frames in order: \(frames)", hanging: 2)
        }
        if tally.refused > 0, explanation == nil { text += "\n" + style.apply(.bad, failureLine) + "\n" }
        return text
    }

    public var json: JSONValue {
        var result: JSONObject = [
            "request": [
                "gfp": .init(maskName), "order": .init(request.order.rawValue), "cpu": .init(request.cpu.rawValue),
                "node": request.node.map { .init($0.rawValue) } ?? nil,
                "nodes": request.nodemask.map { .init(NumberList.format($0.nodes.map { Int($0.rawValue) })) } ?? nil,
            ],
            "served": .init(tally.served), "refused": .init(tally.refused), "complete": .init(!isInterrupted),
            "firstFrames": .init(tally.firstFrames.map { JSONValue($0.rawValue) }),
            "zones": .init(
                tally.landings.map { landing in
                    [
                        "node": .init(landing.zone.node.rawValue), "zone": .init(landing.zone.kind.kernelName),
                        "distance": distances.distance(from: cpuNode, to: landing.zone.node).map { .init($0) } ?? nil,
                        "firstRequest": .init(landing.firstRequest), "requests": .init(landing.requests),
                        "lowestFrame": .init(landing.lowestFrame.rawValue),
                        "highestFrame": .init(landing.highestFrame.rawValue),
                    ]
                }),
        ]
        if let words = placement?.policy.words { result["policy"] = .init(words) }
        if let cpuset = placement?.cpuset {
            result["cpusetMems"] = .init(NumberList.format(cpuset.nodes.nodes.map { Int($0.rawValue) }))
        }
        if tally.refused > 0 { result["failure"] = .init(failureLine) }
        if let explanation { result["explanation"] = explanation.json }
        return .init(result)
    }
}
