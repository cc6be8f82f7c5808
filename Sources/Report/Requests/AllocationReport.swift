import BuddyEngine
import GFP
import PageAllocator
import SourceText
import Topology

/// The outcome of one request, or of many equal ones.
public struct AllocationReport: Hashable, Sendable {
    /// The request.
    public var request: AllocationRequest
    /// The kernel whose rules apply.
    public var kernel: KernelVersion
    /// The rules that apply, and how close they are to that kernel's.
    public var rules: RulesInForce
    /// The page size, in bytes.
    public var pageSize: Int
    /// The node of the requesting CPU.
    public var cpuNode: NodeID
    /// The distances between nodes.
    public var distances: DistanceMatrix
    /// How many requests were served and refused, and where.
    public var tally: AllocationTally
    /// The policy and cpuset of the requesting task; nil: none.
    public var placement: TaskPlacement?
    /// The last request zone by zone; nil: that was not asked for.
    public var explanation: Explanation?
    /// Whether the explained request was made after those that the tally counts, to show what stops further ones.
    public var explainsOneMore: Bool
    /// The nodemask that the kernel's report of a refusal names; nil: none.
    public var reportedNodemask: NodeMask?
    /// Whether the user interrupted the requests before all were made.
    public var isInterrupted: Bool

    /// Reports on a series of requests.
    ///
    /// - Parameters:
    ///   - series: The requests and their outcome.
    ///   - machine: The machine that served them, for its distances and layout.
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

    /// Reports on a request that was explained as part of a scenario.
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

    /// Whether all requests came out as expected.
    ///
    /// - Parameters:
    ///   - wanted: What is expected.
    public func meets(_ wanted: Expectation) -> Bool {
        switch wanted {
        case .served: tally.refused == 0
        case .refused: tally.served == 0
        }
    }

    /// An expectation: all requests are served, or all are refused.
    public enum Expectation: String, CaseIterable, Hashable, Sendable {
        case served, refused
    }

    /// The largest number of blocks that are listed one by one.
    public static let mostListed = 16

    var layout: GFPLayout { GFPLayout.layout(for: kernel) }

    var maskName: String { request.gfp.isEmpty ? "none" : layout.describe(request.gfp) }

    func memory(_ pages: Int) -> String { MemoryAmount.text(pages: pages, pageSize: pageSize) }
}

extension AllocationReport {
    /// The report for people.
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

    /// The place of one block, in one line.
    func landingSentence(_ frame: PageFrame, _ zone: ZoneReference) -> String {
        let address = frame.rawValue.multipliedReportingOverflow(by: UInt64(pageSize)).partialValue
        return "page frame \(frame) (address \(GFPReport.hexadecimal(address))), \(zone.words), "
            + "order \(request.order) (\(memory(request.order.pages)))\(distanceWords(to: zone.node))"
    }

    private func distanceWords(to node: NodeID) -> String {
        guard let distance = distances.distance(from: cpuNode, to: node) else { return "" }
        return node == cpuNode ? ", local" : ", distance \(distance) from node \(cpuNode)"
    }

    /// The line of the kernel's log about the refusal (`warn_alloc`, mm/page_alloc.c).
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

    /// The report for programs.
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
