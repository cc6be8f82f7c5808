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

    static let names: [String] = SharedMaterial.files(in: "oracle/recordings", endingIn: ".json.gz").map {
        String($0.split(separator: "/").last?.dropLast(".json.gz".count) ?? "")
    }

    init(name: String) throws {
        self.name = name
        let url = SharedMaterial.root.appendingPathComponent("oracle/recordings/\(name).json.gz")
        root = try JSONDocument.load(url.path).root
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

    struct Zone: Hashable, CustomStringConvertible {
        var node: Int
        var kind: String
        var start: Int
        var spanned: Int
        var present: Int
        var cma: Int

        var description: String { "\(node)/\(kind) \(start)+\(spanned) present \(present) cma \(cma)" }
    }

    /// As the kernel cut them, those that span something.
    var zones: [Zone] {
        nodes.flatMap { node in
            (node["zones"]?.array ?? []).compactMap { zone in
                guard let spanned = zone["spanned"]?.int, spanned > 0 else { return nil }
                return Zone(
                    node: node["nid"]?.int ?? -1, kind: zone["name"]?.string ?? "", start: zone["start_pfn"]?.int ?? -1,
                    spanned: spanned, present: zone["present"]?.int ?? -1, cma: zone["cma"]?.int ?? -1)
            }
        }
    }

    var nodes: [JSONValue] { root["before"]?["nodes"]?.array ?? [] }

    /// The machine as its firmware describes it: the guest's memory is laid over the addresses node by node, up to the
    /// hole below 4 GiB and then from there on, and what the firmware reports as RAM of that is the node's.
    func topology() throws -> Topology {
        let ram: [Range<PageFrame>] = (root["iomem_ram"]?.array ?? []).compactMap { text in
            let ends = (text.string ?? "").split(separator: "-").compactMap { UInt64($0, radix: 16) }
            // Part pages at either end are lost.
            return ends.count == 2 ? PageFrame((ends[0] + 4095) / 4096)..<PageFrame((ends[1] + 1) / 4096) : nil
        }
        let holeStart = ram.contains { $0.lowerBound >= 0x100000 } ? 0xC0000 : 0x100000
        var address = 0
        var descriptions: [(memory: [Range<PageFrame>], cpus: [CPUID])] = []
        for node in root["qemu"]?["nodes"]?.array ?? [] {
            var left = (node["mib"]?.int ?? 0) << 8
            var memory: [Range<PageFrame>] = []
            while left > 0 {
                if address == holeStart { address = 0x100000 }
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
        if let count = parameters["numa"].flatMap({ Int($0.dropFirst("fake=".count)) }) {
            // numa=fake=N: equal parts of the addresses; in 6.12 (mm/numa_emulation.c) counted from the first page of
            // memory, in 6.1 (arch/x86/mm/numa_emulation.c) from address 0.
            let first = kernel.map { $0 >= KernelVersion(6, 12) } == true ? 1 : 0
            let part = 262_144 / count
            descriptions = (0..<count).map { index in
                (
                    ram.clamped(
                        to: PageFrame(index * part + (index > 0 ? first : 0))..<PageFrame((index + 1) * part + first)),
                    descriptions[0].cpus
                )
            }
        }
        return Topology(
            name: name, kernel: kernel ?? KernelVersion(6, 12),
            nodes: descriptions.enumerated().map { .init(id: NodeID($0), cpus: $1.cpus, memory: $1.memory) },
            boot: BootParameters(
                movableCore: try parameters["movablecore"].map { try .init($0) },
                kernelCore: try parameters["kernelcore"].map { try .init($0) },
                cma: try parameters["cma"].map { try ByteSize($0).bytes } ?? 0))
    }
}
