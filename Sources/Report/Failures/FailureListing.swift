import FailureAnalysis
import SourceText

/// The reports of one log, explained.
public struct FailureListing: Sendable {
    /// The analyses of the reports.
    public let analyses: [FailureAnalysis]
    /// The number of the first report in the log, from 1.
    public let firstNumber: Int
    /// The number of the log's reports that are not listed.
    public let omitted: Int

    /// Creates a list from its parts.
    public init(_ analyses: [FailureAnalysis], firstNumber: Int = 1, omitted: Int = 0) {
        self.analyses = analyses
        self.firstNumber = firstNumber
        self.omitted = omitted
    }

    /// One line for each report.
    public func text(_ style: TextStyle = .plain) -> String {
        var table = TextTable([.right("nth"), .right("line"), .left("kind"), .left("request"), .left("cause")])
        for (index, analysis) in analyses.enumerated() {
            let request = analysis.request.map { "order \($0.order), \($0.maskText)" } ?? ""
            table.add([
                .init(firstNumber + index), .init(analysis.report.line), .init(analysis.report.kind.rawValue),
                .init(request),
                .init(analysis.cause.rawValue),
            ])
        }
        return table.text(style)
    }

    /// An object whose `reports` has an object for each report.
    public var json: JSONValue {
        ["reports": .init(analyses.map(\.json)), "omitted": .init(omitted)]
    }
}

extension FailureAnalysis {
    /// The analysis for programs. Amounts are in pages.
    var json: JSONValue {
        [
            "line": .init(report.line), "kind": .init(report.kind.rawValue),
            "kernel": report.kernelRelease.map { .init($0) } ?? nil,
            "profile": machine.map { .init($0.profile.name) } ?? nil,
            "process": report.process.map { .init($0.name) } ?? nil,
            "gfp": request.map { .init($0.maskText) } ?? nil, "order": request.map { .init($0.order) } ?? nil,
            "nodes": request?.nodes.map { .init($0.map { JSONValue(Int($0.rawValue)) }) } ?? nil,
            "binding": request?.binding.map { .init($0.rawValue) } ?? nil,
            "pageSize": .init(machine?.snapshot.topology.pageSize ?? report.memory?.assumedPageSize ?? 4096),
            "zones": .init(zones.map(\.json)), "refused": isRefused.map { .init($0) } ?? nil,
            "cause": .init(cause.rawValue), "sentence": .init(FailureSentence(analysis: self).text),
            "remedies": .init(
                remedies.map { remedy in
                    let words = FailureAnalysisReport(self).words(remedy)
                    return ["change": .init(words.change), "helps": .init(remedy.helps), "detail": .init(words.detail)]
                }),
            "holders": .init(
                (account?.holders ?? []).map { ["kind": .init($0.kind.title), "pages": .init($0.pages)] }),
            "allocations": .init(
                report.allocations.map {
                    [
                        "bytes": .init($0.bytes), "calls": .init($0.calls), "file": .init($0.file),
                        "function": .init($0.function), "module": $0.module.map { .init($0) } ?? nil,
                    ]
                }),
            "assumptions": .init(assumptions.map { JSONValue($0.sentence) }),
            "killed": .init(
                (report.oom?.victims ?? []).map { ["name": .init($0.name), "pid": .init($0.pid)] }),
            "sequence": .init(
                zip(course?.steps ?? [], FailureAnalysisReport(self).course).map {
                    ["step": .init($0.name), "sentence": .init($1)]
                }),
            "gaps": .init(gaps.map { JSONValue($0.phrase) }),
            "requester": requester.map { who in
                [
                    "function": .init(who.function), "module": who.module.map { .init($0) } ?? nil,
                    "purpose": .init("\(who.purpose)"), "certain": .init(who.isCertain),
                ]
            } ?? nil,
            "swap": account?.swap.map { ["total": .init($0.total), "free": .init($0.free)] } ?? nil,
            "missing": .init(report.missing.map { JSONValue($0.rawValue) }),
        ]
    }
}

extension ZoneVerdict {
    var json: JSONValue {
        [
            "node": .init(Int(zone.node.rawValue)), "zone": .init(zone.kind.kernelName), "managed": .init(managed),
            "free": free.map { .init($0) } ?? nil, "unusable": .init(unusable), "highatomic": .init(highAtomic),
            "cma": .init(cma),
            "mark": mark.map { .init($0) } ?? nil, "boost": .init(boost),
            "markInForce": effectiveMark.map { .init($0) } ?? nil,
            "lowmemReserve": lowmemReserve.map { .init($0) } ?? nil,
            "largestBlock": largestBlock.map { .init($0) } ?? nil,
            "verdict": .init(verdict),
        ]
    }
}
