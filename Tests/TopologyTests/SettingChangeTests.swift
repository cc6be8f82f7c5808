import Testing

@testable import Topology

/// Settings as sysctl(8) writes them.
@Suite struct SettingChangeTests {
    private func apply(_ texts: String...) throws -> Sysctls {
        var topology = Topology(nodes: [.init(id: 0, cpus: [0], memory: [0x100000..<0x200000])])
        try topology.apply(texts.map { try SettingChange($0) })
        return topology.sysctls
    }

    @Test func `names with and without vm, numbers and lists`() throws {
        #expect(try apply("vm.min_free_kbytes=65536").minFreeKbytes == 65536)
        #expect(try apply("zone_reclaim_mode=1", "vm.swappiness=10").swappiness == 10)
        #expect(try apply("vm.lowmem_reserve_ratio=128 64 32 0").lowmemReserveRatio[.dma] == 128)
        #expect(try apply("vm.extfrag_threshold=0").extfragThreshold == 0)
        #expect(try apply("vm.panic_on_oom=2").panicOnOOM == 2)
    }

    @Test(arguments: [
        ("vm.min_free_kbyte=1", "did you mean"), ("vm.min_free_kbytes", "NAME=VALUE"), ("=5", "NAME=VALUE"),
        ("vm.swappiness=", "missing"), ("vm.swappiness=201", "0 to 200"), ("vm.min_free_kbytes=lots", "number"),
        ("vm.zone_reclaim_mode=8", "unknown bits"),
    ])
    func `a setting that no kernel takes is reported, and nothing is set`(text: String, part: String) throws {
        do {
            _ = try apply(text)
            Issue.record("taken: \(text)")
        } catch let error as SettingError {
            #expect(error.description.contains(part), "\(error)")
        }
    }
}
