import Measurement

/// What one run of the program found.
struct Result {
    var comparisons: [Comparison]
    var huge: HugeMachine?

    var isWrong: Bool { comparisons.contains { $0.answersAreEqual == false } }

    var missesTarget: Bool {
        comparisons.contains { each in SideName.allCases.contains { each.passes($0) == false } }
            || huge.map { !$0.isReadyInTime || !$0.isSmallEnough } ?? false
    }

    /// One line a workload and side.
    var table: String {
        var lines = comparisons.isEmpty ? [] : [row("", "side", "ns/op", "least", "ratio", "of least", "target", "")]
        for comparison in comparisons {
            lines.append("\(comparison.workload): \(comparison.about), \(comparison.operations) operations")
            for side in SideName.allCases {
                guard let time = comparison.nanoseconds(side) else { continue }
                let verdict = comparison.passes(side).map { $0 ? "reached" : "MISSED" } ?? ""
                let target = comparison.target(side).map { "<= " + $0.fixed(2) } ?? ""
                let ratio = comparison.ratio(side).map { $0.fixed(2) } ?? ""
                let least = comparison.least(side).map { $0.fixed(2) } ?? ""
                let leastRatio = comparison.leastRatio(side).map { $0.fixed(2) } ?? ""
                lines.append(row("", side.rawValue, time.fixed(2), least, ratio, leastRatio, target, verdict))
            }
            if comparison.builds.count > 1 {
                for build in comparison.builds {
                    lines.append(row("", "  " + build.name, build.median.fixed(2), build.least.fixed(2)))
                }
            }
            if let equal = comparison.answersAreEqual {
                lines.append(equal ? "    the same page frames" : "    DIFFERENT page frames")
            }
        }
        if let huge {
            lines.append("W5: 64 nodes, 64 TiB, \(huge.requests) requests, \(huge.refused) refused")
            let ready = huge.ready / .milliseconds(1)
            lines.append(verdict("ready", "\(ready.fixed(2)) ms", "<= 5 ms", huge.isReadyInTime))
            let after = mebibytes(huge.residentAfter)
            let machine = mebibytes(huge.growth)
            lines.append(
                verdict("resident", "\(machine) MiB of a process's \(after)", "<= 16 MiB", huge.isSmallEnough))
            lines.append("    a request   \((huge.serving / .nanoseconds(1) / Double(huge.requests)).fixed(2)) ns")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func verdict(_ name: String, _ figure: String, _ target: String, _ isReached: Bool) -> String {
        "    \(name): \(figure), target \(target): \(isReached ? "reached" : "MISSED")"
    }

    private func mebibytes(_ bytes: Int) -> String { (Double(bytes) / 1_048_576).fixed(1) }

    /// The same as JSON; names hold no character that needs an escape.
    var json: String {
        var workloads = comparisons.map { comparison in
            let sides = SideName.allCases.compactMap { side -> String? in
                guard let time = comparison.nanoseconds(side) else { return nil }
                var fields = ["\"nanosecondsPerOperation\": \(time.fixed(3))"]
                if let least = comparison.least(side) { fields.append("\"least\": \(least.fixed(3))") }
                if let ratio = comparison.leastRatio(side) { fields.append("\"leastRatio\": \(ratio.fixed(3))") }
                if let ratio = comparison.ratio(side) { fields.append("\"ratio\": \(ratio.fixed(3))") }
                if let target = comparison.target(side) { fields.append("\"target\": \(target)") }
                if let passes = comparison.passes(side) { fields.append("\"reached\": \(passes)") }
                return "\"\(side.rawValue)\": { \(fields.joined(separator: ", ")) }"
            }
            let equal = comparison.answersAreEqual.map { "\($0)" } ?? "null"
            return """
                  {
                    "workload": "\(comparison.workload)",
                    "about": "\(comparison.about)",
                    "operations": \(comparison.operations),
                    "answersAreEqual": \(equal),
                    "sides": { \(sides.joined(separator: ", ")) }
                  }
                """
        }
        if let huge {
            workloads.append(
                """
                  {
                    "workload": "W5",
                    "about": "64 nodes, 64 TiB",
                    "requests": \(huge.requests),
                    "refused": \(huge.refused),
                    "readyMilliseconds": \((huge.ready / .milliseconds(1)).fixed(3)),
                    "residentBytes": \(huge.residentAfter),
                    "residentBytesBefore": \(huge.residentBefore),
                    "reached": \(huge.isReadyInTime && huge.isSmallEnough)
                  }
                """)
        }
        return "[\n\(workloads.joined(separator: ",\n"))\n]\n"
    }

    private func row(_ columns: String...) -> String {
        let widths = [4, 18, 8, 8, 8, 9, 10, 0]
        let cells = zip(columns, widths).enumerated().map { position, cell in
            let padding = String(repeating: " ", count: Swift.max(0, cell.1 - cell.0.count))
            return (2...5).contains(position) ? padding + cell.0 + "  " : cell.0 + padding
        }
        var line = cells.joined()
        while line.last == " " { line.removeLast() }
        return line
    }
}

extension Double {
    /// With `digits` decimals, rounded to nearest.
    func fixed(_ digits: Int) -> String {
        let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((self * Double(scale)).rounded())
        let fraction = String(scaled.magnitude % UInt(scale))
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return "\(scaled < 0 ? "-" : "")\(scaled.magnitude / UInt(scale)).\(zeros)\(fraction)"
    }
}
