import BuddyEngine
import GFP
import PageAllocator
import Topology

extension ExportFormat {
    static let bootLog = ExportFormat(
        name: "boot-log", about: "the lines of a boot log: \"Early memory node ranges\", \"Fallback order\"",
        states: [.nodeCount, .numbers, .wholeMiB, .addresses, .architecture, .kernel, .pageSize, .fallback]
    ) { machine in
        let writer = BootLogWriter(machine)
        var omitted = ["distances", "settings (sysctls)"]
        let hasFirstCPU = machine.snapshot.topology.nodes.contains { $0.cpus.contains(0) }
        if !hasFirstCPU {
            omitted.append("that there is no CPU 0: one that boots has it")
        }
        if machine.hasState { omitted.append("what is free") }
        if !machine.snapshot.topology.reserved.isEmpty { omitted.append("where the kernel's own pages lie") }
        return Exported(
            content: .text(try writer.text()), omitted: omitted, unstated: hasFirstCPU ? [] : [.nodeCount, .numbers])
    }
}

/// Writes what such a machine's kernel would print about its memory at boot.
private struct BootLogWriter {
    private let machine: SourcedMachine
    private let topology: Topology
    private let page: UInt64

    init(_ machine: SourcedMachine) {
        self.machine = machine
        topology = machine.snapshot.topology
        page = UInt64(topology.pageSize)
    }

    func text() throws -> String {
        var lines: [String] = []
        lines.append("Linux version \(topology.kernel)-\(release) (numazones) #1 SMP")
        if topology.pageSize != 4096 { lines.append("pcpu-alloc: s\(page) r0 d0 u\(page) alloc=1*\(page)") }
        lines += firmware
        lines += zones
        lines += nodes
        lines += try fallback()
        lines += cpus
        return lines.enumerated().map { "[    0.\(Self.digits($0.offset))] \($0.element)\n" }.joined()
    }

    private static func digits(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, 6 - text.count)) + text
    }

    private var release: String {
        switch topology.architecture {
        case .amd64: "x86_64"
        case .i386, .i386pae: "i386"
        case .arm64: "arm64"
        case .riscv64: "riscv64"
        case .other: "generic"
        }
    }

    private func range(_ first: UInt64, _ last: UInt64) -> String {
        "[mem \(Self.address(first))-\(Self.address(last))]"
    }

    private static func address(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return "0x" + String(repeating: "0", count: max(0, 16 - digits.count)) + digits
    }

    private func range(_ frames: Range<PageFrame>) -> String {
        range(frames.lowerBound.rawValue * page, frames.upperBound.rawValue * page - 1)
    }

    private var firmware: [String] {
        guard topology.architecture != .other else { return [] }
        return topology.nodes.flatMap { node in
            node.cpus.map {
                "ACPI: SRAT: PXM \(node.id) -> \(topology.architecture == .arm64 ? "MPIDR" : "APIC") 0x\(String($0.rawValue, radix: 16)) -> Node \(node.id)"
            }
                + (node.isHotPluggable
                    ? node.memory.map { "ACPI: SRAT: Node \(node.id) PXM \(node.id) \(range($0)) hotplug" } : [])
        }
    }

    private var zones: [String] {
        var lines = ["Zone ranges:"]
        let spans = machine.zoneSpans.filter { $0.present > 0 }
        // An architecture without a name of its own is recognised by its zones.
        let isNamed = topology.architecture != .other
        for kind in topology.architecture.zoneKinds
        where kind < .movable && (isNamed || spans.contains { $0.kind == kind }) {
            let own = spans.filter { $0.kind == kind }
            let name = kind.kernelName + String(repeating: " ", count: max(1, 9 - kind.kernelName.count))
            if let first = own.map(\.start).min(), let end = own.map(\.end).max() {
                lines.append("  \(name)\(range(first..<limit(of: kind, end, spans)))")
            } else {
                lines.append("  \(name)empty")
            }
        }
        lines.append("Movable zone start for each node")
        for span in spans where span.kind == .movable {
            lines.append("  Node \(span.node): \(Self.address(span.start.rawValue * page))")
        }
        return lines
    }

    /// A zone's end as the kernel prints it: its limit, if there is memory above.
    private func limit(of kind: ZoneKind, _ end: PageFrame, _ spans: [ZoneSpan]) -> PageFrame {
        let limits = topology.effectiveZoneLimits
        let limit: UInt64? =
            switch kind {
            case .dma: limits.dma
            case .dma32: limits.dma32
            case .normal: limits.normal
            case .highMem, .movable, .device: nil
            }
        guard let limit, limit < .max, spans.contains(where: { $0.kind > kind && $0.kind < .movable }) else {
            return end
        }
        return max(end, PageFrame(limit / page))
    }

    private var nodes: [String] {
        var lines = ["Early memory node ranges"]
        for node in topology.nodes {
            for memory in node.memory { lines.append("  node \(node.id): \(range(memory))") }
        }
        for node in topology.nodes {
            if let first = node.memory.first, let last = node.memory.last {
                lines.append("Initmem setup node \(node.id) \(range(first.lowerBound..<last.upperBound))")
            } else {
                lines.append("Initmem setup node \(node.id) as memoryless")
            }
        }
        return lines
    }

    private func fallback() throws -> [String] {
        var lines: [String] = []
        let built = try machine.machine()
        // Kernels up to 4.13 may try the same zone of all nodes before any lower one, and say so.
        var isByZone = false
        for node in topology.nodes {
            var order: [NodeID] = []
            var last: NodeID?
            for zone in built.zonelist(of: node.id) {
                if zone.node != last, order.contains(zone.node) { isByZone = true }
                if !order.contains(zone.node) { order.append(zone.node) }
                last = zone.node
            }
            lines.append("Fallback order for Node \(node.id): " + order.map { "\($0) " }.joined())
        }
        let spans = machine.zoneSpans
        let managed = spans.reduce(0) { $0 + $1.managed }
        let present = spans.reduce(0) { $0 + $1.present }
        let area = spans.reduce(0) { $0 + $1.cma }
        let unit = Int(page / 1024)
        let withMemory = topology.nodes.count { !$0.memory.isEmpty }
        lines.append(
            "Built \(withMemory) zonelists\(isByZone ? " in Zone order" : ""), mobility grouping on.  Total pages: \(present)"
        )
        let boot = topology.boot
        if !boot.transparentHugePages { lines.append("Kernel command line: transparent_hugepage=never") }
        lines.append(
            "Memory: \((managed - area) * unit)K/\(present * unit)K available (\((present - managed) * unit)K reserved, "
                + "\(area * unit)K cma-reserved)")
        return lines
    }

    private var cpus: [String] {
        var lines: [String] = []
        for node in topology.nodes {
            let own = node.cpus.filter { $0 != 0 }
            if !own.isEmpty { lines.append(".... node  #\(node.id), CPUs: " + own.map { " #\($0)" }.joined()) }
        }
        let count = topology.nodes.reduce(0) { $0 + $1.cpus.count }
        let nodes = topology.nodes.count
        lines.append(
            "smp: Brought up \(nodes) \(nodes == 1 ? "node" : "nodes"), \(count) \(count == 1 ? "CPU" : "CPUs")")
        return lines
    }
}
