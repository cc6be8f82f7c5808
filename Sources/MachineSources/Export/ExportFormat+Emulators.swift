import Topology

extension ExportFormat {
    static let qemu = ExportFormat(
        name: "qemu", about: "QEMU's arguments: -m, -smp, -object, -numa", states: [.nodeCount, .distances, .wholeMiB]
    ) { machine in
        let plan = EmulatorPlan(machine)
        var lines = ["\(plan.program) -m \(plan.totalMiB)M -smp \(plan.cpuCount)"]
        for node in plan.nodes {
            var text = "-numa node,nodeid=\(node.number)"
            if node.mib > 0 {
                lines.append("-object memory-backend-ram,id=mem\(node.number),size=\(node.mib)M")
                text += ",memdev=mem\(node.number)"
            }
            for range in node.cpuRanges { text += ",cpus=\(range)" }
            lines.append(text)
        }
        for (from, to, distance) in plan.distances { lines.append("-numa dist,src=\(from),dst=\(to),val=\(distance)") }
        return Exported(content: .text(lines.joined(separator: " \\\n  ") + "\n"), omitted: plan.omitted)
    }

    static let virtme = ExportFormat(
        name: "vng", about: "virtme-ng's arguments: --numa, --numa-distance",
        states: [.nodeCount, .distances, .wholeMiB]
    ) { machine in
        let plan = EmulatorPlan(machine)
        var lines = ["vng --cpus \(plan.cpuCount) --memory \(plan.totalMiB)M"]
        for node in plan.nodes {
            lines.append("--numa \(node.mib)M" + node.cpuRanges.map { ",cpus=\($0)" }.joined())
        }
        for (from, to, distance) in plan.distances { lines.append("--numa-distance \(from),\(to)=\(distance)") }
        return Exported(content: .text(lines.joined(separator: " \\\n  ") + "\n"), omitted: plan.omitted)
    }

    static let libvirt = ExportFormat(
        name: "libvirt", about: "a libvirt domain's <cpu><numa>", states: [.nodeCount, .distances, .wholeMiB]
    ) { machine in
        let plan = EmulatorPlan(machine)
        var text = "<domain>\n  <os><type arch='\(plan.libvirtArchitecture)'>hvm</type></os>\n"
        text += "  <vcpu>\(plan.cpuCount)</vcpu>\n  <cpu>\n    <numa>\n"
        for node in plan.nodes {
            let cpus = node.cpuRanges.isEmpty ? "" : " cpus='\(node.cpuRanges.joined(separator: ","))'"
            text += "      <cell id='\(node.number)'\(cpus) memory='\(node.mib)' unit='MiB'>\n"
            let own = plan.allDistances.filter { $0.from == node.number }
            if !own.isEmpty {
                text += "        <distances>\n"
                for (_, to, distance) in own { text += "          <sibling id='\(to)' value='\(distance)'/>\n" }
                text += "        </distances>\n"
            }
            text += "      </cell>\n"
        }
        text += "    </numa>\n  </cpu>\n</domain>\n"
        return Exported(content: .text(text), omitted: plan.omitted)
    }
}

/// A machine as emulators define it: nodes numbered from 0, memory in whole MiB.
struct EmulatorPlan {
    private(set) var nodes: [Node] = []
    private(set) var cpuCount = 0
    private(set) var omitted: [String]
    /// All pairs of nodes, in order; empty for a single node.
    private(set) var allDistances: [(from: Int, to: Int, distance: UInt8)] = []
    private let architecture: Architecture

    struct Node {
        var number: Int
        var mib: UInt64
        /// Ranges such as `0-3` and `8`.
        var cpuRanges: [String]
    }

    init(_ machine: SourcedMachine) {
        let topology = machine.snapshot.topology
        architecture = topology.architecture
        omitted = machine.omittedByNodeForms + ["where memory lies"]
        let isRenumbered = topology.nodes.enumerated().contains { $0.offset != Int($0.element.id.rawValue) }
        if isRenumbered { omitted.append("node numbers, which emulators count from 0 without gaps") }
        let cpus = topology.nodes.flatMap(\.cpus).sorted()
        cpuCount = max(cpus.count, 1)
        let positions = Dictionary(
            cpus.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
        if cpus.enumerated().contains(where: { $0.offset != Int($0.element.rawValue) }) {
            omitted.append("CPU numbers, which emulators count from 0 without gaps")
        }
        for (number, node) in topology.nodes.enumerated() {
            let bytes = machine.presentBytes(of: node)
            let mib = machine.wholeMiB(of: node)
            if bytes & ((1 << 20) - 1) != 0, !omitted.contains("memory below a whole MiB") {
                omitted.append("memory below a whole MiB")
            }
            let own = node.cpus.compactMap { positions[$0] }.sorted()
            nodes.append(Node(number: number, mib: mib, cpuRanges: NumberList.parts(own)))
        }
        guard topology.nodes.count > 1 else { return }
        for row in nodes.indices {
            for column in nodes.indices {
                allDistances.append((row, column, topology.distances[row, column]))
            }
        }
    }

    var totalMiB: UInt64 { nodes.reduce(0) { $0 + $1.mib } }

    /// The distances between different nodes.
    var distances: [(from: Int, to: Int, distance: UInt8)] { allDistances.filter { $0.from != $0.to } }

    var program: String {
        switch architecture {
        case .arm64: "qemu-system-aarch64 -M virt"
        case .i386, .i386pae: "qemu-system-i386"
        case .riscv64: "qemu-system-riscv64 -M virt"
        case .amd64, .other: "qemu-system-x86_64"
        }
    }

    var libvirtArchitecture: String {
        switch architecture {
        case .arm64: "aarch64"
        case .i386, .i386pae: "i686"
        case .riscv64: "riscv64"
        case .amd64, .other: "x86_64"
        }
    }
}
