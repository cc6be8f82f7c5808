extension ReportBuilder {
    mutating func readHeader(_ item: LogItem, _ text: LogText) {
        let isSecond = report.kind == .vmallocFailure && (item == .allocationFailure || report.vmalloc != nil)
        if item != .memoryInfo || report.kind == .memoryInfo, !isSecond { report.header = text.string }
        switch item {
        case .allocationFailure:
            setProcess(text.before(": page allocation failure"))
            report.order = Self.order(text.after("order:"))
            readRequest(text)
        case .allocationStall:
            setProcess(text.before(": page allocation stall"))
            report.order = Self.order(text.after("order:"))
            readRequest(text)
            let stall = (text.after(" stalls for ") ?? text.after(" stall for "))?.leadingInteger
            let isSeconds = stall?.rest.trimmed.starts(with: "sec") ?? false
            report.stallMilliseconds = stall.flatMap { duration in
                let (product, overflows) = duration.value.multipliedReportingOverflow(by: isSeconds ? 1000 : 1)
                return overflows ? nil : product
            }
        case .noMMU:
            report.length = text.after("Allocation of length ")?.leadingInteger?.value
            if let who = text.after(" from process ") {
                report.process = FailureReport.Process(
                    name: who.after("(")?.before(")")?.string ?? "", pid: who.leadingInteger?.value)
            }
        case .cmaFailure: readCMA(text)
        case .hugePageShortage:
            if let rest = text.after("allocating "), let wanted = rest.leadingInteger?.value {
                report.hugePageShortage = FailureReport.HugePageShortage(
                    wanted: wanted, got: text.after("Only allocated ")?.leadingInteger?.value,
                    size: rest.after("page size ")?.before(" failed")?.string ?? "")
            }
        case .oomInvoked:
            setProcess(text.before(" invoked oom-killer"))
            report.order = Self.order(text.after(" order=") ?? text.after(",order="))
            readRequest(text)
            report.oom = report.oom ?? FailureReport.OutOfMemory()
            report.oom?.scoreAdjustment = text.after("oom_score_adj=")?.leadingInteger?.value
        case .vmallocFailure:
            readVmalloc(text)
        case .warning:
            if let pid = text.after("PID: ")?.leadingInteger?.value {
                report.process = FailureReport.Process(
                    name: "", pid: pid, cpu: text.after("CPU: ")?.leadingInteger?.value)
            }
        default:
            break
        }
    }

    /// An order at the very end of a line may have lost digits, except in the oldest kernels, which print nothing after
    /// it.
    private static func order(_ text: LogText?) -> Int? {
        guard let (value, rest) = text?.leadingInteger else { return nil }
        return rest.isEmpty && value == 1 ? nil : value
    }

    /// Reads `cma: cma_alloc: reserved: alloc failed, req-size: 256 pages, ret: -12`.
    private mutating func readCMA(_ text: LogText) {
        guard let pages = text.after("req-size: ")?.leadingInteger?.value else { return }
        let area = text.after("cma_alloc: ")?.before(": alloc failed")?.trimmed
        report.cma = FailureReport.CMAFailure(
            area: area?.string, pages: pages, result: text.after("ret: ")?.leadingInteger?.value)
    }

    /// Reads `number of available pages: 72@184+3886@4306=> 3958 free of 8192 total pages` (`cma_debug_show_areas`,
    /// mm/cma.c, 4.12); up to 4.11 without places and total: `4+7+166=>177 pages`.
    mutating func readCMAPages(_ text: LogText) {
        guard let list = text.after("number of available pages:")?.trimmed, report.cma != nil else { return }
        let runs = (list.before("=>") ?? list).bytes.split(separator: UInt8(ascii: "+"))
        report.cma?.largestRun = runs.compactMap { LogText($0).trimmed.leadingInteger?.value }.max()
        guard let sums = list.after("=>")?.trimmed else { return }
        report.cma?.free = sums.leadingInteger?.value
        report.cma?.total = sums.after(" free of ")?.leadingInteger?.value
    }

    /// Reads `Process basename (pid: 30555, task: ...`.
    mutating func readProcess(_ text: LogText) {
        guard let name = text.dropping(8).before(" (pid: ")?.trimmed, !name.isEmpty else { return }
        let pid = text.after("(pid: ")?.leadingInteger?.value
        if report.process?.name.isEmpty ?? true { report.process = FailureReport.Process(name: name.string) }
        if report.process?.name == name.string { report.process?.pid = pid }
    }

    /// Reads `mode:0xa20(GFP_ATOMIC), nodemask=(null),cpuset=/,mems_allowed=0`, in any order.
    private mutating func readRequest(_ text: LogText) {
        report.gfp = Self.mask(text.after("mode:") ?? text.after("gfp_mask=") ?? LogText([]))
        report.nodemask = text.after("nodemask=")?.prefix(until: UInt8(ascii: ",")).trimmed.string
        report.cpuset = text.after("cpuset=")?.prefix(until: UInt8(ascii: ",")).trimmed.string
        report.memsAllowed = Self.nodeList(text.after("mems_allowed="))
    }

    /// Reads `0-1,3`: including commas, up to the next blank or name.
    static func nodeList(_ text: LogText?) -> String? {
        guard let text else { return nil }
        let list = text.bytes.prefix { $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ",") }
        let trimmed = list.last == UInt8(ascii: ",") ? list.dropLast() : list
        return trimmed.isEmpty ? nil : LogText(trimmed).string
    }

    /// Reads `0xa20(GFP_ATOMIC)` or `0xd0`; blanks left by a mail program's folding are dropped.
    static func mask(_ text: LogText) -> FailureReport.Mask? {
        let body = text.trimmed
        let digits = body.dropping(body.starts(with: "0x") ? 2 : 0).bytes.prefix(while: \.isHexDigit)
        var number = body.leadingHexadecimal
        guard number != nil || !digits.isEmpty else { return nil }
        var names: String?
        let rest = body.dropping(body.starts(with: "0x") ? 2 : 0).bytes.drop(while: \.isHexDigit)
        // Digits are hidden, or the line was cut within them.
        if rest.first == UInt8(ascii: "*") { number = nil }
        if let open = rest.firstIndex(of: UInt8(ascii: "(")), rest[..<open].allSatisfy({ $0 == UInt8(ascii: "*") }),
            let close = rest.firstIndex(of: UInt8(ascii: ")"))
        {
            let inner = rest[(open + 1)..<close].filter { !$0.isBlank }
            names = inner.isEmpty ? nil : String(decoding: inner, as: UTF8.self)
        }
        return number == nil && names == nil ? nil : FailureReport.Mask(number: number, names: names)
    }

    private mutating func readVmalloc(_ text: LogText) {
        let isOld = text.contains("vmalloc: allocation failure")
        if !text.starts(with: "vmalloc") { setProcess(text.before(": vmalloc")) }
        readRequest(text)
        // The previous line has given the reason.
        guard report.vmalloc == nil else { return }
        var failure = FailureReport.VmallocFailure(size: nil, reason: "", pageOrder: nil)
        if isOld {
            // 3.x to 5.11: `vmalloc: allocation failure: N bytes` or `allocation failure, allocated N of M bytes`.
            let rest = text.after("allocation failure")?.dropping(1).trimmed
            failure.size = (rest?.after(" of ") ?? rest)?.leadingInteger?.value
            // Pages are told with `allocated N of`; in one line with the request, from 4.10 on, the other form means that
            // none were asked for (`__vmalloc_node_range`, mm/vmalloc.c, 5.10).
            let isOfArea = rest?.contains("allocated ") == false && text.contains(": vmalloc: allocation failure: ")
            failure.reason = isOfArea ? "no vmap area" : "allocation failure"
        } else if let rest = text.after("vmalloc error: size ") ?? text.after("vmap allocation for size ") {
            failure.size = rest.leadingInteger?.value
            failure.pageOrder = rest.after("page order ")?.leadingInteger?.value
            let head = rest.before(", mode:") ?? rest
            let reasons = head.bytes.split(separator: UInt8(ascii: ",")).dropFirst().map { LogText($0).trimmed }
            let plain = head.contains("use vmalloc=") ? "use vmalloc=" : head.contains("failed") ? "failed" : ""
            failure.reason = reasons.last { !$0.starts(with: "page order") }?.string ?? plain
        }
        report.vmalloc = failure
    }

    /// Reads `CPU: 0 PID: 1 Comm: init Tainted: G  OE  6.1.0-56-amd64 #1` or `Pid: 5030, comm: httpd Not tainted 2.6.32
    /// #1`.
    mutating func readCPU(_ text: LogText) {
        guard report.kernelRelease == nil || report.process?.pid == nil else { return }
        let pid = (text.after(" PID: ") ?? text.after("Pid: "))?.leadingInteger?.value
        let cpu = text.starts(with: "CPU: ") ? text.dropping(5).leadingInteger?.value : nil
        let comm = (text.after(" Comm: ") ?? text.after(", comm: ")).flatMap {
            $0.before(" Kdump: ") ?? $0.before(" Not tainted") ?? $0.before(" Tainted:")
        }
        let name = comm?.trimmed.string
        if report.process == nil || report.process?.name.isEmpty == true {
            report.process = FailureReport.Process(name: name ?? "")
        }
        // The header has an unrecognised logger's prefix before the name.
        if let name, !name.isEmpty, let known = report.process?.name, known != name, known.hasSuffix(" " + name) {
            report.process?.name = name
        }
        if let pid { report.process?.pid = pid }
        if let cpu { report.process?.cpu = cpu }
        if let release = LogicalLine.releaseWord(text) {
            report.kernelRelease = release.string
            if let tainted = text.after(" Tainted: ") {
                let letters = tainted.words.prefix { $0.bytes.startIndex < release.bytes.startIndex }
                report.taint = letters.map(\.string).joined(separator: " ")
            }
        }
    }

    private mutating func setProcess(_ text: LogText?) {
        guard let name = text?.trimmed, !name.isEmpty else { return }
        report.process = FailureReport.Process(name: Self.taskName(name).string)
    }

    /// A task's name has at most 15 bytes (TASK_COMM_LEN, include/linux/sched.h): anything before it comes from a
    /// logger, or from a program that wrote to the console.
    static func taskName(_ text: LogText) -> LogText {
        guard text.bytes.count > 15 else { return text }
        if let bracket = text.bytes.lastIndex(of: UInt8(ascii: "]")) {
            let rest = LogText(text.bytes[(bracket + 1)...]).trimmed
            if !rest.isEmpty, rest.bytes.count <= 15 { return rest }
        }
        return text.words.last { $0.bytes.count <= 15 } ?? text
    }

    /// Reads `httpd cpuset=/ mems_allowed=0`, a separate line up to 4.20.
    mutating func readCpuset(_ text: LogText) {
        report.cpuset = report.cpuset ?? text.after(" cpuset=")?.firstWord.string
        report.memsAllowed = report.memsAllowed ?? Self.nodeList(text.after("mems_allowed="))
    }

    // MARK: Stack

    /// Whether a text is ` ? function+0x10/0x20 [module]`, with or without an address, or ARM's `function from
    /// caller+0x10/0x20`.
    static func isFrame(_ text: LogText) -> Bool {
        guard text.contains("+0x"), text.contains("/0x") else {
            return text.contains(" from ") && text.words.count == 3 || text.bytes.elementsEqual("?".utf8)
        }
        let notFrames: [StaticString] = [
            "RIP", "EIP", "pc :", "lr :", "PC is", "LR is", "NIP", "WARNING", "Workqueue", "Code",
        ]
        return !notFrames.contains { text.starts(with: $0) }
    }

    mutating func readFrame(_ text: LogText) {
        guard report.callTrace.count < limits.frames else { return }
        let words = text.words
        guard text.bytes.count > 1 else {
            isNextFrameUnreliable = true
            return
        }
        let function: LogText?
        var isInside = true
        if words.count >= 3, words[1].string == "from" {
            function = words[0]
        } else if let index = words.firstIndex(where: { $0.contains("+0x") && !Self.isKlogdName($0) })
            ?? words.firstIndex(where: { $0.contains("+0x") })
        {
            function = words[index].before("+0x")
            isInside = Self.isReturnAddress(words[index])
        } else {
            function = nil
        }
        guard var name = function else { return }
        noteArchitecture(words)
        while let first = name.bytes.first, first == UInt8(ascii: "(") || first == UInt8(ascii: "[") {
            name = name.dropping(1)
        }
        guard !name.isEmpty else { return }
        let isUnreliable =
            words.prefix(3).contains { $0.bytes.elementsEqual("?".utf8) } || text.contains("(unreliable)")
            || isNextFrameUnreliable
        isNextFrameUnreliable = false
        let module = words.last.flatMap { word in
            word.starts(with: "[") && word.ends(with: "]") && words.count > 1
                ? LogText(word.bytes.dropFirst().dropLast()).string : nil
        }
        report.callTrace.append(
            FailureReport.Frame(
                function: name.string, isReliable: !isUnreliable,
                module: module?.hasPrefix("<") ?? true ? nil : module, isInside: isInside))
    }

    /// Whether `function+0x10/0x20` may be where a call returns to: no call is shorter than two bytes, and none ends at
    /// the end of its function, as long as it returns.
    private static func isReturnAddress(_ word: LogText) -> Bool {
        guard let place = word.after("+0x")?.leadingHexadecimal, let size = word.after("/0x")?.leadingHexadecimal else {
            return true
        }
        return place >= 2 && (place < size || size == 0)
    }

    /// Whether a word is what klogd wrote in place of an address, `[ext3:__get_free_pages+0x37/0x820]`: by its own table
    /// of symbols, which may be another kernel's. The kernel's name follows.
    private static func isKlogdName(_ word: LogText) -> Bool { word.starts(with: "[") && word.ends(with: "]") }

    /// Notes the form of an address: `[<c015c4e1>] ? kmalloc+...` has 32 bits, `[<80013b00>] (show_stack+...` is ARM's,
    /// `[c000000001c62fc0] [c000000000012214] .show_stack+...` is powerpc's.
    private mutating func noteArchitecture(_ words: [LogText]) {
        guard let first = words.first, first.starts(with: "["), first.ends(with: "]") else { return }
        let address = first.bytes.filter(\.isHexDigit)
        if address.count + 4 == first.bytes.count, address.count == 8 {
            report.hasShortAddresses = true
            report.hasForeignFrames = report.hasForeignFrames || words.count > 1 && words[1].starts(with: "(")
        } else if address.count + 2 == first.bytes.count, address.count >= 8, words.count > 2,
            words[1].starts(with: "["), words[1].bytes.count == first.bytes.count
        {
            report.hasForeignFrames = true
        }
    }

    /// Reads `RAX: 0000000000000000 RBX: ...`.
    mutating func readRegisters(_ text: LogText) {
        let words = text.words
        for (name, value) in zip(words, words.dropFirst()) where name.ends(with: ":") && name.bytes.count <= 4 {
            guard report.registers.count < 64, value.bytes.allSatisfy(\.isHexDigit) else { continue }
            let key = LogText(name.bytes.dropLast()).string
            if report.registers[key] == nil { report.registers[key] = value.leadingHexadecimal }
        }
    }
}
