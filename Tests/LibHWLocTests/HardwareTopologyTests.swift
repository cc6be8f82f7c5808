@testable import LibHWLoc
import OperatingSystem
import TestSupport
import Testing

@Suite struct HardwareTopologyTests {
    private static let xml = """
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE topology SYSTEM "hwloc2.dtd">
        <topology version="2.0">
          <object type="Machine" os_index="0" cpuset="0x00000007" complete_cpuset="0x00000007" allowed_cpuset="0x00000007" \
        nodeset="0x00000005" complete_nodeset="0x00000005" allowed_nodeset="0x00000005" gp_index="1">
            <info name="Architecture" value="x86_64"/>
            <object type="NUMANode" subtype="HBM" os_index="2" cpuset="0x00000007" complete_cpuset="0x00000007" \
        nodeset="0x00000004" complete_nodeset="0x00000004" gp_index="7" local_memory="134217728">
              <page_type size="65536" count="2048"/>
              <info name="MemoryTier" value="1"/>
            </object>
            <object type="NUMANode" os_index="0" cpuset="0x00000007" complete_cpuset="0x00000007" \
        nodeset="0x00000001" complete_nodeset="0x00000001" gp_index="2" local_memory="268435456"/>
            <object type="PU" os_index="0" cpuset="0x00000001" complete_cpuset="0x00000001" nodeset="0x00000005" \
        complete_nodeset="0x00000005" gp_index="3"/>
            <object type="PU" os_index="1" cpuset="0x00000002" complete_cpuset="0x00000002" nodeset="0x00000005" \
        complete_nodeset="0x00000005" gp_index="4"/>
            <object type="PU" os_index="2" cpuset="0x00000004" complete_cpuset="0x00000004" nodeset="0x00000005" \
        complete_nodeset="0x00000005" gp_index="5"/>
          </object>
          <distances2 type="NUMANode" nbobjs="2" kind="5" name="NUMALatency" indexing="os">
            <indexes length="4">2 0 </indexes>
            <u64values length="12">10 17 28 10 </u64values>
          </distances2>
        </topology>

        """

    @Test func `nodes come in order of their numbers, and distances with them`() throws {
        let topology = try HardwareTopology(xml: Array(Self.xml.utf8))
        #expect(topology.nodes.map(\.number) == [0, 2])
        #expect(topology.nodes.map(\.memory) == [268_435_456, 134_217_728])
        #expect(topology.nodes.map(\.processors) == [[0, 1, 2], [0, 1, 2]])
        #expect(topology.nodes.map(\.kind) == [nil, "HBM"] && topology.nodes.map(\.tier) == [nil, 1])
        #expect(topology.distances == [[10, 28], [17, 10]])
        #expect(topology.infos["Architecture"] == "x86_64" && topology.pageSize == 65536)
    }

    @Test func `a synthetic description has as much on each node`() throws {
        let topology = try HardwareTopology(synthetic: "numa:2(memory=67108864) core:2 pu:2")
        #expect(topology.nodes.map(\.processors) == [[0, 1, 2, 3], [4, 5, 6, 7]])
        #expect(topology.nodes.map(\.memory) == [64 << 20, 64 << 20])
        #expect(throws: HardwareTopologyError.self) { try HardwareTopology(synthetic: "numa:2 core") }
    }

    /// Of each hwloc 2.9 dies: its own parser looks behind the end of the root's attributes.
    @Test(arguments: [
        "<topology version=\"2.0\"", "<topology version=\"2.0\" x\n<object type=\"Machine\"/></topology>",
        "<?xml version=\"1.0\"?>\n<!DOCTYPE topology SYSTEM \"hwloc2.dtd\">\n<topology version=\"2.0\"  ect type=\"Machine\">",
    ])
    func `a description of which hwloc dies is an error, and the program lives`(text: String) {
        #expect(throws: HardwareTopologyError.self) { try HardwareTopology(xml: Array(text.utf8)) }
    }

    @Test func `a description without end is given up`() {
        let text = Array("numa:100000 core:100 pu:2".utf8)
        #expect(throws: HardwareTopologyError.endless) {
            try HardwareTopology(text: text, isXML: false, seconds: 1)
        }
    }

    @Test func `damaged descriptions are read or refused, on several threads at once`() {
        let whole = Array(Self.xml.utf8)
        let next = Monitor(UInt64(0))
        let threads = WorkerThreads(4, stackSize: 1 << 20) {
            for _ in 0..<60 {
                let seed = next.change {
                    $0 += 1; return $0
                }
                var generator = SeededGenerator(seed: seed)
                var bytes = whole
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    let place = Int.random(in: bytes.indices, using: &generator)
                    switch Int.random(in: 0..<3, using: &generator) {
                    case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                    case 1: bytes.removeSubrange(place..<min(bytes.count, place + 40))
                    default: bytes.removeSubrange(place...)
                    }
                    if bytes.isEmpty { bytes = [0x3C] }
                }
                if let topology = try? HardwareTopology(xml: bytes) {
                    #expect(!topology.nodes.isEmpty, "seed \(seed)")
                }
            }
        }
        while !threads.wait(milliseconds: 1000) {}
    }
}
