import BuddyEngine
import Foundation
import GFP
import SourceText
import TestSupport
import Testing

@testable import Topology

@Suite
struct ConfigTests {
    static let folder = SharedMaterial.packageRoot.appendingPathComponent("Config")
    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".json") }.sorted()

    private func load(_ name: String) throws -> Topology {
        try Topology(json: try SourceFile.load(Self.folder.appendingPathComponent(name).path))
    }

    @Test(arguments: names)
    func `each is read without even a warning, says what it teaches, and names itself`(name: String) throws {
        let source = try SourceFile.load(Self.folder.appendingPathComponent(name).path)
        let (topology, problems) = Topology.check(source)
        #expect(problems.map(\.description) == [])
        #expect(topology?.name == String(name.dropLast(".json".count)))
        #expect(topology?.about.isEmpty == false)
        #expect(source.text.hasPrefix("{\n  //"))
        #expect(source.text.contains("\"$schema\": \"schemas/topology.schema.json\""))
    }

    @Test(arguments: names)
    func `what is written is read back as the same`(name: String) throws {
        let topology = try load(name)
        let text = topology.json.text()
        #expect(try Topology(json: JSONDocument(text: text)) == topology, "\(text)")
    }

    @Test func `the set is whole`() {
        #expect(Self.names.count >= 11)
        for name in ["laptop", "two-socket", "huge-64-node-64tib", "textbook-buddy"] {
            #expect(Self.names.contains("\(name).json"))
        }
    }

    @Test func `every key that is read is in the schema, and the other way round`() throws {
        let schema = try JSONDocument.load(Self.folder.appendingPathComponent("schemas/topology.schema.json").path).root
        #expect(schema["properties"]?.object?.keys.sorted() == TopologyReader.keys.sorted())
        let node = schema["$defs"]?["node"]?["properties"]?.object?.keys
        #expect(node?.sorted() == TopologyReader.nodeKeys.sorted())
        #expect(schema["properties"]?["boot"]?["properties"]?.object?.keys.sorted() == TopologyReader.bootKeys.sorted())
    }

    @Test func `the schema has every sysctl, with the range that the newest kernel takes`() throws {
        let schema = try JSONDocument.load(Self.folder.appendingPathComponent("schemas/topology.schema.json").path).root
        let patterns = try #require(schema["properties"]?["sysctls"]?["patternProperties"]?.object)
        #expect(patterns.keys.sorted() == Sysctl.all.map { "^(vm\\.)?\($0.name)$" }.sorted())
        for sysctl in Sysctl.all {
            let form = try #require(patterns["^(vm\\.)?\(sysctl.name)$"])
            switch sysctl.field {
            case .number, .derived:
                let least = sysctl.gap.isEmpty ? form["minimum"] : form["anyOf"]?[0]?["const"]
                #expect(form["type"]?.string == "integer")
                #expect(least?.int == sysctl.range.lowerBound, "\(sysctl.name)")
                #expect(form["maximum"]?.int ?? Sysctl.largest == sysctl.range.upperBound, "\(sysctl.name)")
                if !sysctl.gap.isEmpty { #expect(form["anyOf"]?[1]?["minimum"]?.int == sysctl.gap.upperBound) }
            case .flag: #expect(form["enum"]?.array?.count == 4, "\(sysctl.name)")
            case .byZone: #expect(form["oneOf"]?.array?.count == 3, "\(sysctl.name)")
            case .word: #expect(form["type"]?.string == "string", "\(sysctl.name)")
            }
        }
    }

    @Test func `every setting goes through every form of a machine, and is checked`() throws {
        let topology = try load("two-socket.json")
        for sysctl in Sysctl.all where sysctl.name != "numa_zonelist_order" {
            // Another value than the usual, as /proc/sys/vm has it.
            var set = Sysctls()
            let texts = [
                "numa_stat": "0", "percpu_pagelist_high_fraction": "8", "lowmem_reserve_ratio": "1 256 32 0",
            ]
            let text = texts[sysctl.name] ?? "1"
            let isRead = set.read(sysctl, text: text + "\n", zones: ZoneKind.allCases)
            #expect(isRead && sysctl.isSet(in: set), "\(sysctl.name)")
            let isNegativeRead = set.read(sysctl, text: "-1", zones: ZoneKind.allCases)
            #expect(!isNegativeRead)
            var changed = topology
            changed.sysctls = set
            #expect(try Topology(json: JSONDocument(text: changed.json.text())).sysctls == set, "\(sysctl.name)")
            var taken = Sysctls()
            taken.take(sysctl, from: set)
            #expect(taken == set)
            var given = topology
            try given.apply([SettingChange(name: sysctl.name, value: text)])
            #expect(sysctl.isSet(in: given.sysctls), "\(sysctl.name)")
            #expect(throws: SettingError.self) {
                try given.apply([SettingChange(name: sysctl.name, value: "9223372036854775807")])
            }
        }
    }

    @Test func `the largest machine has its zones, and 64 TiB of them`() throws {
        let topology = try load("huge-64-node-64tib.json")
        let spans = topology.zoneSpans()
        #expect(spans.count == 66)
        // All but the memory that the kernel gives up for the BIOS.
        #expect(spans.reduce(0) { $0 + $1.present } == 64 << 28 - 97)
        #expect(topology.distances.distance(from: 0, to: 63) == 60)
    }

    @Test func `zones of the shipped machines are those their comments describe`() throws {
        func cut(_ name: String) throws -> [String] {
            try load(name).zoneSpans().map { "\($0.node) \($0.kind) \($0.spanned / 256)" }
        }
        #expect(try cut("i386-highmem.json") == ["0 DMA 15", "0 Normal 863", "0 HighMem 2192"])
        #expect(try cut("i386-pae.json") == ["0 DMA 15", "0 Normal 863", "0 HighMem 1168", "1 HighMem 3072"])
        #expect(try cut("arm64.json") == ["0 DMA 1024", "0 DMA32 3072", "0 Normal 4096"])
        #expect(try cut("movable-node.json").last == "1 Movable 16384")
        // Node 0's kernel part is one largest block more, for the BIOS's memory that it cannot count.
        #expect(try cut("movablecore.json").suffix(3) == ["0 Movable 9212", "1 Normal 15360", "1 Movable 1024"])
        #expect(try cut("textbook-buddy.json") == ["0 Normal 1"])
        #expect(try load("arm64.json").zoneSpans()[0].cmaRanges == [0x30000..<0x40000])
        // Two pageblocks of 32 MiB, one of 512.
        #expect(try load("arm64-16k.json").zoneSpans().map(\.cma) == [4096, 0])
        #expect(try load("arm64-64k.json").zoneSpans().map(\.cma) == [8192, 0, 0])
        let spans = try load("riscv64.json").zoneSpans()
        #expect(spans.map(\.kind) == [.dma32, .normal] && spans[0].present - spans[0].managed == 128)
    }
}
