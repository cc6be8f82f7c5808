import BuddyEngine
import GFP
import KernelLog
import PageAllocator
import Topology

/// The request that a report is about, in the terms of the allocator's rules.
public struct FailedRequest: Hashable, Sendable {
    /// What limits a request to some nodes.
    public enum Binding: String, Hashable, Sendable {
        /// A node mask given by the kernel's own caller.
        case nodemask
        /// A memory policy (`mbind`, `set_mempolicy`).
        case mempolicy
        case cpuset
        /// `__GFP_THISNODE`.
        case thisNode = "__GFP_THISNODE"
    }

    /// The mask in the flags of kernels since 4.4.
    public var gfp: GFPFlags
    /// The mask as in the log.
    public var maskText: String
    /// The order.
    public var order: Int
    /// What limits the request to some nodes; nil: nothing.
    public var binding: Binding?
    /// The nodes that ``binding`` allows; nil if the log does not name them.
    public var nodes: [NodeID]?
    /// What is special about the task.
    public var task: AllocationRequest.TaskState
    /// The header has lost the order, so ``order`` is a guess.
    public var isOrderUnknown = false
    /// What was assumed to read it.
    public var assumptions: [Assumption]

    /// Reads a report's request; nil if it names no mask.
    ///
    /// - Parameters:
    ///   - report: The report.
    ///   - victims: IDs of processes that earlier reports of the log name as killed.
    public init?(_ report: FailureReport, victims: Set<Int> = []) {
        assumptions = []
        if let length = report.length, report.kind == .noMMUFailure {
            // `do_mmap_private` (mm/nommu.c, 6.6) allocates whole blocks with GFP_KERNEL.
            gfp = .GFP_KERNEL
            maskText = "GFP_KERNEL"
            order = Self.order(of: length, pageSize: report.memory?.assumedPageSize ?? 4096)
            task = []
            return
        }
        guard let mask = report.gfp ?? report.slub.first?.gfp else { return nil }
        let layout = Self.layout(of: report, mask: mask, notes: &assumptions)
        guard let flags = Self.flags(mask, layout) else { return nil }
        gfp = layout.modernized(flags)
        maskText = Self.text(mask, layout)
        order = report.order ?? report.vmalloc?.pageOrder ?? report.slub.first?.minimumOrder ?? 0
        if report.order == nil { assumptions.append(.order(order)) }
        // Up to 2.6.12 a kill's line had no order; only low orders led to a kill.
        let isOldKill = report.kind == .oomKill && report.header.hasPrefix("oom-killer: gfp_mask=")
        isOrderUnknown =
            report.order == nil && report.vmalloc == nil && report.slub.isEmpty && !isOldKill
        task = []
        if Self.isWithinReclaim(report) {
            task.insert(.memoryAllocator)
            assumptions.append(.askedByReclaim(mayUseReserves: !gfp.contains(.noMemAlloc)))
        }
        if let pid = report.process?.pid, victims.contains(pid), report.kind != .oomKill {
            task.insert(.oomVictim)
            assumptions.append(.askedByVictim)
        }
        readBinding(report)
    }

    /// The order of the smallest block with so many bytes.
    private static func order(of length: Int, pageSize: Int) -> Int {
        (0..<40).first { pageSize << $0 >= length } ?? 40
    }

    /// The mask by name, together with the number if the log has only that.
    private static func text(_ mask: FailureReport.Mask, _ layout: GFPLayout) -> String {
        if let names = mask.names { return names }
        guard let number = mask.number else { return "?" }
        let decoded = layout.flags(fromKernelValue: number)
        let text = Self.modernNames(layout.describe(decoded.flags), layout)
        let isNamed = decoded.unknownBits == 0 && !text.isEmpty && !text.hasPrefix("0x")
        return isNamed ? text : "0x" + String(number, radix: 16)
    }

    /// Before 4.6 single flags were traced with names such as `GFP_COMP`; this returns the usual `__GFP_COMP`.
    private static func modernNames(_ text: String, _ layout: GFPLayout) -> String {
        let words = text.split(separator: "|").map { word in
            let isSingle = GFPFlags.named.contains { $0.name == "__" + word }
            if isSingle, layout.composite(named: String(word)) == nil { return "__" + word }
            // Some kernels had no name for a zone's bit; here it has one.
            guard word.hasPrefix("0x"), let number = UInt64(word.dropFirst(2), radix: 16) else { return String(word) }
            let decoded = layout.flags(fromKernelValue: number)
            let names = GFPFlags.named.filter { decoded.flags.isSuperset(of: $0.flag) }.map(\.name)
            return decoded.unknownBits == 0 && !names.isEmpty ? names.joined(separator: "|") : String(word)
        }
        return words.joined(separator: "|")
    }

    /// The layout of the kernel named, or of the report's era: the newest in which the mask's number and names agree.
    private static func layout(
        of report: FailureReport, mask: FailureReport.Mask, notes: inout [Assumption]
    ) -> GFPLayout {
        if let kernel = report.kernel { return GFPLayout.layout(for: kernel) }
        let assumed = GFPLayout.layout(for: report.assumedKernel)
        let candidates = [assumed] + GFPLayout.all.reversed()
        let fitting = candidates.first { layout in
            guard let number = mask.number else {
                return mask.names.flatMap { try? GFPFlags(parsing: $0, layout: layout) } != nil
            }
            let decoded = layout.flags(fromKernelValue: number)
            guard let names = mask.names else { return decoded.unknownBits == 0 }
            return (try? GFPFlags(parsing: names, layout: layout)) == decoded.flags
        }
        let layout = nearestNamed(mask, report.era, assumed: fitting ?? assumed)
        notes.append(.maskLayout(source: layout.source))
        return layout
    }

    /// The layout assumed, or the newest of a report's era by which a number is one of the usual masks, such as
    /// GFP_ATOMIC, perhaps with single flags. 0x20 alone is GFP_ATOMIC before 4.4, and no mask that anybody would use
    /// later.
    private static func nearestNamed(
        _ mask: FailureReport.Mask, _ era: KernelEra, assumed: GFPLayout
    ) -> GFPLayout {
        guard let number = mask.number, mask.names == nil else { return assumed }
        func isUsual(_ layout: GFPLayout) -> Bool {
            let decoded = layout.flags(fromKernelValue: number)
            let names = modernNames(layout.describe(decoded.flags), layout).split(separator: "|")
            return decoded.unknownBits == 0 && names.contains { $0.hasPrefix("GFP_") }
        }
        guard !isUsual(assumed) else { return assumed }
        let ofEra = GFPLayout.all.filter { layout in
            layout.covers.upperBound > era.first && era.end.map { layout.covers.lowerBound < $0 } ?? true
        }
        return ofEra.last(where: isUsual) ?? assumed
    }

    /// The flags by name if possible: numbers mean other flags in a kernel with other build options.
    private static func flags(_ mask: FailureReport.Mask, _ layout: GFPLayout) -> GFPFlags? {
        let candidates = [layout] + GFPLayout.all.reversed()
        if let names = mask.names {
            for layout in candidates {
                if let flags = try? GFPFlags(parsing: names, layout: layout) { return flags }
            }
        }
        return mask.number.map { layout.flags(fromKernelValue: $0).flags }
    }

    /// Whether reclaim made the request: one of its functions is on the stack, with no interrupt in between.
    private static func isWithinReclaim(_ report: FailureReport) -> Bool {
        for frame in report.callTrace where frame.isReliable {
            let name = frame.function
            if name.contains("irq") || name.contains("interrupt") || name.contains("softirq") { return false }
            if name.hasPrefix("shrink_") || name.hasPrefix("balance_pgdat") || name.hasPrefix("try_to_free_") {
                return true
            }
        }
        return false
    }

    private mutating func readBinding(_ report: FailureReport) {
        if gfp.contains(.thisNode) {
            binding = .thisNode
            nodes = report.slub.compactMap(\.node).first { (0..<NodeID.limit).contains($0) }.map { [NodeID($0)] }
            return
        }
        if let list = Self.nodeList(report.nodemask) {
            nodes = list
            let isPolicy =
                report.oom?.constraint == "CONSTRAINT_MEMORY_POLICY" || report.callTrace.contains(where: Self.isPolicy)
            binding = isPolicy ? .mempolicy : .nodemask
        } else if report.oom?.constraint == "CONSTRAINT_MEMORY_POLICY" {
            binding = .mempolicy
        } else if let allowed = Self.nodeList(report.memsAllowed), Self.isBound(report, to: allowed), bindsCpuset {
            binding = .cpuset
            nodes = allowed
        } else if report.oom?.constraint == "CONSTRAINT_CPUSET" {
            binding = .cpuset
        }
    }

    /// Whether a function uses the task's policy: `alloc_pages` and what page faults call do; `__alloc_pages` uses the
    /// caller's mask.
    private static func isPolicy(_ frame: FailureReport.Frame) -> Bool {
        guard frame.isReliable else { return false }
        let name = frame.function.split(separator: ".").first.map(String.init) ?? frame.function
        return name.hasPrefix("alloc_pages_mpol") || name.hasPrefix("alloc_pages_vma") || name == "alloc_pages"
            || name == "alloc_pages_current" || name.hasPrefix("vma_alloc_folio")
    }

    /// Whether a cpuset binds the request: an urgent one that cannot wait may leave it (`gfp_to_alloc_flags`,
    /// ALLOC_CPUSET).
    private var bindsCpuset: Bool { gfp.contains(.directReclaim) || !gfp.contains(.high) }

    /// Whether the cpuset has a name, or fewer nodes than the report lists.
    private static func isBound(_ report: FailureReport, to allowed: [NodeID]) -> Bool {
        if report.oom?.constraint == "CONSTRAINT_CPUSET" { return true }
        let listed = Set((report.memory?.zones ?? []).compactMap { NodeID(exactly: $0.node) })
        if !listed.subtracting(allowed).isEmpty { return true }
        guard let cpuset = report.cpuset, cpuset != "/" else { return false }
        return allowed.count < NodeID.limit && !(listed == [0] && allowed == [0])
    }

    private static func nodeList(_ text: String?) -> [NodeID]? {
        guard let text, text != "(null)", let numbers = try? NumberList.parse(text, below: NodeID.limit),
            !numbers.isEmpty, numbers.count < NodeID.limit
        else { return nil }
        return numbers.map { NodeID($0) }
    }
}

extension FailedRequest {
    /// Whether it may sleep, so that reclaim had its chance before the kernel gave up. Reclaim's own requests do not
    /// reclaim (`__alloc_pages_slowpath`, mm/page_alloc.c, 6.12: PF_MEMALLOC); those that may use all reserves fail only
    /// where reclaim found nothing more.
    public var maySleep: Bool {
        gfp.contains(.directReclaim) && !(task.contains(.memoryAllocator) && gfp.contains(.noMemAlloc))
    }

    /// The highest zone that the mask allows on a machine with the given kinds; nil if its bits contradict each other.
    public func highestZone(_ kinds: [ZoneKind]) -> ZoneKind? {
        GFPFlags.highestZone(selector: gfp.zoneSelector, configured: kinds)
    }
}

extension NodeID {
    init?(exactly value: Int) {
        guard (0..<NodeID.limit).contains(value) else { return nil }
        self.init(value)
    }
}
