import GFP
import Topology

/// Totals: zonelists, memory, contiguous areas, CPUs.
extension BootLogReader {
    mutating func readSummary(_ text: LogText) {
        if text.starts(with: "Built "), let count = text.dropping(6).leadingInteger?.value, text.contains(" zonelists")
        {
            log.zonelistCount = count
            if let order = text.before(" order")?.words.last, text.contains(" zonelists in ") {
                log.zonelistOrder = order.string
            }
            log.totalPages = text.after("Total pages: ")?.leadingInteger?.value
            if log.totalPagesAtBoot == nil { log.totalPagesAtBoot = log.totalPages }
        } else if text.starts(with: "Policy zone: ") {
            log.policyZone = ZoneKind(kernelName: text.dropping(13).trimmed.string)
        } else if text.starts(with: "Memory: "), let (available, rest) = text.dropping(8).leadingInteger,
            let total = rest.after("/")?.leadingInteger?.value
        {
            readMemory(text, available: available, total: total)
        } else if text.starts(with: "HugeTLB"), let size = text.after("registered ")?.before(" page size"),
            let pages = text.after("pre-allocated ")?.leadingInteger?.value, pages > 0
        {
            log.hugePools.append(BootLog.HugePool(size: size.string, pages: pages, line: line))
        } else if readContiguousArea(text) {
            return
        } else if text.starts(with: "SLUB: ") || text.starts(with: "SLAB: ") {
            log.possibleCPUs = text.after(" CPUs=")?.leadingInteger?.value ?? log.possibleCPUs
        } else {
            readCPUCount(text)
        }
    }

    /// Reads `cma: Reserved 32 MiB at 0x000000004a000000 on node -1` (`cma_declare_contiguous_nid`, mm/cma.c), `cma:
    /// Reserved 128 MiB in 2 ranges` (7.2), or, for the device tree, `Reserved memory: created CMA memory pool at
    /// 0x..., size 64 MiB` (`rmem_cma_setup`, kernel/dma/contiguous.c).
    private mutating func readContiguousArea(_ text: LogText) -> Bool {
        let isPool = text.contains("created CMA memory pool")
        let rest =
            isPool ? text.after("size ") : text.after("cma: Reserved ") ?? text.after("CMA: reserved ")
        guard let rest, let (amount, tail) = rest.leadingInteger, amount > 0, amount < 1 << 30,
            tail.starts(with: " MiB")
        else { return false }
        let size = UInt64(amount) << 20
        if let start = (isPool ? text : tail).after(" at ")?.leadingHexadecimal {
            let (end, overflows) = start.addingReportingOverflow(size)
            // A log written by two consoles has each line twice.
            guard !overflows, !log.contiguousAreas.contains(where: { $0.overlaps(start..<end) }) else { return true }
            if log.contiguousAreas.count < 1024 { log.contiguousAreas.append(start..<end) }
        }
        log.contiguousBytes += size
        return true
    }

    private mutating func readMemory(_ text: LogText, available: Int, total: Int) {
        // The number before a name: `72580K reserved`, `51492k reserved` up to 3.9.
        func figure(_ name: StaticString, _ old: StaticString) -> Int? {
            (text.before(name) ?? text.before(old))?.words.last.flatMap {
                $0.bytes.first == 0x28 ? $0.dropping(1) : $0
            }?.leadingInteger?.value
        }
        // 32-bit ARM kernels up to 3.9 print everything that is not reserved, twice (`mem_init`, arch/arm/mm/init.c).
        if text.contains("k available, "), let kept = figure("K reserved", "k reserved") {
            let whole = total.addingReportingOverflow(max(0, kept))
            guard !whole.overflow else { return }
            log.memory = BootLog.Available(available: available, total: whole.partialValue, reserved: kept)
            return
        }
        log.memory = BootLog.Available(
            available: available, total: total, reserved: figure("K reserved", "k reserved"),
            absent: figure("K absent", "k absent"), cma: figure("K cma-reserved", "k cma-reserved"),
            highMem: figure("K highmem", "k highmem"))
    }

    /// Reads `smp: Brought up 8 nodes, 128 CPUs`, `x86: Booted up 1 node, 4 CPUs`, `Brought up 4 CPUs`, or `Total of 4
    /// processors activated`.
    private mutating func readCPUCount(_ text: LogText) {
        if let rest = text.after("rought up ") ?? text.after("ooted up "), text.contains(" CPU") {
            let cpus = rest.after(", ") ?? rest.after("nodes ") ?? rest
            log.cpuCount = cpus.leadingInteger?.value
            part = .none
        } else if let rest = text.after("Total of "), rest.contains("processors activated"),
            let count = rest.leadingInteger?.value
        {
            log.cpuCount = count
            part = .none
        } else if let rest = text.after("Allowing "), let (count, tail) = rest.leadingInteger, count > 0 {
            // `Allowing 16 CPUs, 8 hotplug CPUs` up to 6.8, `Allowing 8 present CPUs plus 8 hotplug CPUs`.
            let isWhole = tail.starts(with: " CPUs")
            let later = (tail.after(", ") ?? tail.after("plus "))?.leadingInteger?.value ?? 0
            guard later >= 0, isWhole ? later < count : tail.starts(with: " present CPUs") else { return }
            log.presentCPUs = isWhole ? count - later : count
        } else if let count = text.after("nr_cpu_ids:")?.leadingInteger?.value, count > 0 {
            log.possibleCPUs = count
        }
    }
}
