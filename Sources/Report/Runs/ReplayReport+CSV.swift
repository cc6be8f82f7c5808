import Traces

extension ReplayReport {
    /// Counts, a line each: `subject` is what is counted by, `name` of what, as in ``json``. A count that does not add up to
    /// others has the subject `total`; in lock-step `agree` are the requests that were compared, and those of them alike.
    public var csv: String {
        var table = CommaTable(["subject", "name", "count"])
        func add(_ subject: String, _ counts: [(name: String, count: Int)]) {
            for (name, count) in counts { table.add([subject, name, "\(count)"]) }
        }
        add("total", totals)
        add("mask", counted(result.requestsByMask) { result.vocabulary.masks[$0].text })
        add("order", counted(result.requestsByOrder) { "\($0)" })
        add("cpu", counted(result.requestsByCPU) { "\($0)" })
        add("zone", counted(result.servedByZone) { "\(result.zones[$0].node) \(result.zones[$0].kind)" })
        add("skipped", ReplayResult.SkipReason.allCases.map { ($0.key, result.skipped($0)) }.filter { $0.1 > 0 })
        if result.mode == .lockstep {
            let agreement = result.agreement
            add(
                "agree",
                [
                    ("compared", agreement.compared), ("node", agreement.node), ("zone", agreement.zone),
                    ("pageFrame", agreement.frame),
                ])
        }
        return table.text
    }

    private var totals: [(name: String, count: Int)] {
        let reclaim = result.reclaim.map {
            [("reclaimed", $0.reclaimed), ("swappedOut", $0.swappedOut), ("stalls", $0.stalls)]
        }
        return [
            ("events", result.events), ("requests", result.requests), ("served", result.served),
            ("refused", result.refused), ("frees", result.frees), ("tracedRefusals", result.tracedRefusals),
            ("servedTracedRefusals", result.servedTracedRefusals), ("fallbacks", result.fallbacks),
            ("tracedFallbacks", result.tracedFallbacks), ("kswapdCalls", result.kswapdCalls),
            ("kswapdWakes", result.kswapdWakes), ("kcompactdWakes", result.kcompactdWakes),
        ] + (reclaim ?? [])
    }

    private func counted(_ counts: [Int], _ name: (Int) -> String) -> [(name: String, count: Int)] {
        counts.enumerated().filter { $0.element > 0 }.map { (name($0.offset), $0.element) }
    }
}
