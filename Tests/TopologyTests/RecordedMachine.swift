import BuddyEngine
import Foundation
import GFP
import SourceText
import TestSupport

@testable import Topology

/// A recording's guest: what QEMU was told, and what the kernel made of it.
struct RecordedMachine {
    var name: String
    var root: JSONValue

    init(path: String) throws {
        name = String(path.split(separator: "/").last?.dropLast(".json.gz".count) ?? "")
        root = try JSONDocument.load(path).root
    }

    var kernel: KernelVersion? { root["kernel"]?["package"]?.string.flatMap { KernelVersion($0) } }

    /// Command-line parameters by name.
    var parameters: [String: String] {
        var result: [String: String] = [:]
        for word in (root["cmdline"]?.string ?? "").split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1)
            result[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
        }
        return result
    }

    var architecture: Architecture {
        switch root["kernel"]?["arch"]?.string {
        case "i386": root["config"]?["CONFIG_X86_PAE"]?.string == "y" ? .i386pae : .i386
        case "arm64": .arm64
        case "riscv": .riscv64
        default: .amd64
        }
    }

    var pageSize: Int { root["page_size"]?.int ?? 4096 }

    struct Zone: Hashable, CustomStringConvertible {
        var node: Int
        var kind: String
        var start: Int
        var spanned: Int
        var present: Int
        var managed: Int
        var cma: Int

        var description: String {
            "\(node)/\(kind) \(start)+\(spanned) present \(present) managed \(managed) cma \(cma)"
        }
    }

    /// As the kernel cut them, those that span something.
    var zones: [Zone] {
        nodes.flatMap { node in
            (node["zones"]?.array ?? []).compactMap { zone in
                guard let spanned = zone["spanned"]?.int, spanned > 0 else { return nil }
                return Zone(
                    node: node["nid"]?.int ?? -1, kind: zone["name"]?.string ?? "", start: zone["start_pfn"]?.int ?? -1,
                    spanned: spanned, present: zone["present"]?.int ?? -1, managed: zone["managed"]?.int ?? -1,
                    cma: zone["cma"]?.int ?? -1)
            }
        }
    }

    var nodes: [JSONValue] { root["before"]?["nodes"]?.array ?? [] }

    /// What the kernel kept for itself.
    var reserved: [Range<PageFrame>] {
        nodes.flatMap { $0["zones"]?.array ?? [] }.flatMap { $0["pages"]?.array ?? [] }.compactMap { run in
            guard let parts = run.array?.compactMap(\.int), parts.count == 3, parts[2] == 1 else { return nil }
            return PageFrame(parts[0])..<PageFrame(parts[0] + parts[1])
        }
    }

    /// The machine as its firmware describes it: the guest's memory is laid over the addresses node by node, on PCs up to
    /// the hole below 4 GiB and then from there on, and what the firmware reports as RAM of that is the node's.
    func topology() throws -> Topology {
        let pageSize = UInt64(pageSize)
        let ram: [Range<PageFrame>] = (root["iomem_ram"]?.array ?? []).compactMap { text in
            let ends = (text.string ?? "").split(separator: "-").compactMap { UInt64($0, radix: 16) }
            // Part pages at either end are lost.
            return ends.count == 2
                ? PageFrame((ends[0] + pageSize - 1) / pageSize)..<PageFrame((ends[1] + 1) / pageSize) : nil
        }
        let fourGiB = Int((4 as UInt64) << 30 / pageSize)
        let hasHole = architecture.isX86 && ram.contains { $0.lowerBound >= PageFrame(fourGiB) }
        let holeStart = hasHole ? 0xC0000 : fourGiB
        var address = architecture.isX86 ? 0 : Int(ram.first?.lowerBound.rawValue ?? 0)
        var descriptions: [(memory: [Range<PageFrame>], cpus: [CPUID])] = []
        for node in root["qemu"]?["nodes"]?.array ?? [] {
            var left = (node["mib"]?.int ?? 0) << 20 / Int(pageSize)
            var memory: [Range<PageFrame>] = []
            while left > 0 {
                if address == holeStart { address = fourGiB }
                let size = address < holeStart ? min(left, holeStart - address) : left
                memory += ram.clamped(to: PageFrame(address)..<PageFrame(address + size))
                address += size
                left -= size
            }
            descriptions.append((memory, (node["cpus"]?.array ?? []).compactMap(\.int).map { CPUID($0) }))
        }
        if parameters["numa"] == "off" {
            descriptions = [(ram, descriptions.flatMap(\.cpus))]
        }
        // A kernel built without the emulation takes no notice.
        if nodes.count > 1, let count = parameters["numa"].flatMap({ Int($0.dropFirst("fake=".count)) }) {
            // numa=fake=N: equal parts of the addresses; in 6.12 (mm/numa_emulation.c) counted from the first page of
            // memory, in 6.1 (arch/x86/mm/numa_emulation.c) from address 0.
            let first = kernel.map { $0 >= KernelVersion(6, 12) } == true ? 1 : 0
            let part = descriptions[0].memory.reduce(0) { max($0, Int($1.upperBound.rawValue) + 32) } / count
            descriptions = (0..<count).map { index in
                (
                    ram.clamped(
                        to: PageFrame(index * part + (index > 0 ? first : 0))..<PageFrame((index + 1) * part + first)),
                    descriptions[0].cpus
                )
            }
        }
        var topology = Topology(
            name: name, architecture: architecture, kernel: kernel ?? KernelVersion(6, 12),
            nodes: descriptions.enumerated().map { .init(id: NodeID($0), cpus: $1.cpus, memory: $1.memory) },
            zoneLimits: zoneLimits,
            boot: BootParameters(
                movableCore: try parameters["movablecore"].map { try .init($0) },
                // No guest's firmware says that memory is mirrored.
                kernelCore: try parameters["kernelcore"].flatMap { $0 == "mirror" ? nil : try .init($0) },
                cma: try parameters["cma"].map { try ByteSize($0).bytes },
                vmalloc: try parameters["vmalloc"].map { try ByteSize($0).bytes },
                highMem: try parameters["highmem"].map { try ByteSize($0).bytes }),
            reserved: reserved, pageSize: Int(pageSize))
        topology.isNUMAConfigured = root["const"]?["numa"]?.int != 0
        topology.configuredCPUs = root["config"]?["CONFIG_NR_CPUS"]?.string.flatMap { Int($0) }
        return topology
    }

    /// Of a guest whose device tree names a bus that reaches only part of memory.
    private var zoneLimits: ZoneLimits? {
        guard let bus = root["qemu"]?["dma_ranges"]?.array?.compactMap(\.int), bus.count == 3 else { return nil }
        return ZoneLimits(dma: UInt64(bus[1] + bus[2]), dma32: 4 << 30)
    }
}
