extension ReportBuilder {
    mutating func readOutOfMemory(_ item: LogItem, _ text: LogText, line: Int) {
        if report.oom == nil { report.oom = FailureReport.OutOfMemory() }
        switch item {
        case .oomSummary: readSummary(text)
        case .killed: readVictim(text, line: line)
        case .noVictim: report.oom?.hasNoVictim = true
        case .killAnnounced: if text.contains("emory cgroup out of memory") { report.kind = .memoryCgroupOOM }
        case .cgroupUsage:
            report.kind = .memoryCgroupOOM
            guard let usage = text.after("usage ")?.leadingInteger?.value,
                let limit = text.after("limit ")?.leadingInteger?.value,
                let failures = text.after("failcnt ")?.leadingInteger?.value,
                (report.oom?.cgroupUsage.count ?? 0) < 16
            else { return }
            let resource = text.prefix(until: UInt8(ascii: ":")).string
            report.oom?.cgroupUsage.append(
                FailureReport.CgroupUsage(resource: resource, usage: usage, limit: limit, failures: failures))
        case .cgroupTask:
            // A vendor's kernel prints "host" if no cgroup's limit was reached.
            if text.after("as a result of limit of ")?.trimmed.bytes.elementsEqual("host".utf8) ?? false {
                report.oom?.isGlobal = true
                return
            }
            report.kind = .memoryCgroupOOM
            if let group = text.after("as a result of limit of ") { report.oom?.memcg = group.trimmed.string }
            if let group = text.after("Task in ")?.before(" killed as") { report.oom?.taskMemcg = group.string }
            if let group = text.after("stats for ")?.prefix(until: UInt8(ascii: ":")), report.oom?.memcg == nil {
                report.oom?.memcg = group.string
            }
        case .cgroupStatistic:
            let words = text.words
            if words.count == 2, let value = words[1].integer, (report.oom?.cgroupStatistics.count ?? 0) < 256 {
                report.oom?.cgroupStatistics[words[0].string] = value
            }
        default: break
        }
    }

    /// Reads
    /// `oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0-7,global_oom,task_memcg=/,task=big,pid=195,uid=0`.
    private mutating func readSummary(_ text: LogText) {
        report.oom?.constraint = text.after("constraint=")?.prefix(until: UInt8(ascii: ",")).string
        if let group = text.after(",oom_memcg=")?.before(",task_memcg=") { report.oom?.memcg = group.string }
        if let group = text.after(",task_memcg=")?.before(",task=") { report.oom?.taskMemcg = group.string }
        report.oom?.task = text.after(",task=")?.before(",pid=")?.string
        report.oom?.taskPID = text.after(",pid=")?.leadingInteger?.value
        report.oom?.isGlobal = text.contains(",global_oom")
        report.nodemask = report.nodemask ?? text.after("nodemask=")?.before(",cpuset=")?.string
        report.cpuset = report.cpuset ?? text.after("cpuset=")?.before(",mems_allowed=")?.string
        report.memsAllowed = report.memsAllowed ?? Self.nodeList(text.after("mems_allowed="))
        if report.oom?.constraint == "CONSTRAINT_MEMCG" { report.kind = .memoryCgroupOOM }
    }

    /// Reads `Out of memory: Killed process 195 (big) total-vm:3073256kB, anon-rss:...`, or 2.6.32's `Killed process
    /// 3274, UID 501, (java) total-vm:...`.
    private mutating func readVictim(_ text: LogText, line: Int) {
        guard let rest = text.after("Killed process "), let (pid, tail) = rest.leadingInteger else { return }
        let isByMemoryCgroup = text.contains("emory cgroup out of memory")
        if isByMemoryCgroup { report.kind = .memoryCgroupOOM }
        var victim = FailureReport.Victim(line: line, pid: pid, name: "", isByMemoryCgroup: isByMemoryCgroup)
        // A name may contain parentheses: it ends with the last one before the sizes.
        let sizes = tail.firstRange(of: ") total-vm:") ?? tail.firstRange(of: "),")
        if let open = tail.bytes.firstIndex(of: UInt8(ascii: "(")) {
            let end = sizes?.lowerBound ?? tail.bytes.lastIndex(of: UInt8(ascii: ")")) ?? tail.bytes.endIndex
            if open < end { victim.name = LogText(tail.bytes[(open + 1)..<end]).string }
        }
        for word in (tail.after(") ") ?? tail).words.prefix(32) {
            guard let colon = word.bytes.firstIndex(of: UInt8(ascii: ":")) else { continue }
            guard let (value, unit) = LogText(word.bytes[(colon + 1)...]).leadingInteger else { continue }
            let name = LogText(word.bytes[..<colon]).string
            if unit.starts(with: "kB") {
                victim.kibibytes[name] = value
            } else if name == "UID" {
                victim.uid = value
            } else if name == "oom_score_adj" {
                victim.scoreAdjustment = value
            }
        }
        if (report.oom?.victims.count ?? 0) < limits.entries {
            report.oom?.victims.append(victim)
        } else {
            report.oom?.otherVictims += 1
        }
    }

    /// Whether a text is a line of `memory.stat` in the report of a memory cgroup: `anon 50065408`.
    func isCgroupStatistic(_ text: LogText) -> Bool {
        guard report.kind == .memoryCgroupOOM, part == .header else { return false }
        let words = text.words
        return words.count == 2 && words[1].integer != nil && words[0].bytes.allSatisfy { $0.isLetter || $0 == 0x5F }
    }
}
