import BuddyEngine
import GFP
import SourceText
import Testing

@testable import Topology

@Suite
struct ShortFormTests {
    private func read(_ text: String) throws -> Topology { try Topology(json: JSONDocument(text: text)) }

    @Test(
        arguments: [
            ("64GiB", 64 << 30), ("64G", 64 << 30), ("64 gib", 64 << 30), ("4096", 4096), ("4096KiB", 4 << 20),
            ("1.5TiB", 3 << 39), ("0x1000", 4096), ("0x10M", 16 << 20), ("12B", 12), ("0", 0), ("15EiB", 15 << 60),
        ] as [(String, UInt64)])
    func `sizes are read as people write them`(text: String, bytes: UInt64) throws {
        #expect(try ByteSize(text).bytes == bytes)
        #expect(try ByteSize(ByteSize(bytes: bytes).description).bytes == bytes)
    }

    @Test func `lists are read and written as the kernel does`() throws {
        #expect(try NumberList.parse("0-2, 7,4-5\n", below: 8) == [0, 1, 2, 4, 5, 7])
        #expect(try NumberList.parse("", below: 8) == [])
        #expect(NumberList.format([0, 1, 2, 4, 5, 7]) == "0-2,4-5,7")
        #expect(NumberList.format([3, 0, 1, 5]) == "3,0-1,5", "the order is kept")
        for bad in ["1,", "-1", "1-2-3", "8", "3-1", "99999999999999999999", "0-x"] {
            #expect(throws: NumberList.Invalid.self) { try NumberList.parse(bad, below: 8) }
        }
    }

    @Test func `masks are words of 32 bits, the highest first`() {
        #expect(NumberMask.format([]) == "00000000")
        #expect(NumberMask.format([0, 31]) == "80000001")
        #expect(NumberMask.format([64, 0, 33], prefix: "0x") == "0x00000001,0x00000002,0x00000001")
    }

    @Test func `plain sizes are laid one after the other, around the PCI hole where there is one`() throws {
        let nodes = #"[{ cpus: 1, memory: "2GiB" }, { memory: "4GiB" }, { memory: "1GiB" }]"#
        let pc = try read("{ nodes: \(nodes) }")
        #expect(
            pc.nodes.map(\.memory) == [[0..<0x80000], [0x80000..<0xC0000, 0x100000..<0x1C0000], [0x1C0000..<0x200000]])
        let arm = try read("{ architecture: 'arm64', nodes: \(nodes) }")
        #expect(arm.nodes.map(\.memory) == [[0..<0x80000], [0x80000..<0x180000], [0x180000..<0x1C0000]])
        let explicit = try read("{ nodes: [{ cpus: 1, memory: { start: '3GiB', size: '1GiB' } }, { memory: 4096 }] }")
        #expect(explicit.nodes.map(\.memory) == [[0xC0000..<0x100000], [0x100000..<0x100001]])
        let list = try read("{ nodes: [{ cpus: 1, memory: ['0x0-0xfff', { start: '1MiB', end: '2MiB' }, '4KiB'] }] }")
        #expect(list.nodes[0].memory == [0..<1, 0x100..<0x200, 0x200..<0x201])
    }

    @Test func `nodes and CPUs are numbered on where the text does not say`() throws {
        let text =
            "{ nodes: [{ id: 4, cpus: 2, memory: '1GiB' }, { cpus: '8-9' }, { cpus: 2 }, { id: 1, cpus: [3, 2] }] }"
        let topology = try read(text)
        #expect(topology.nodes.map(\.id) == [1, 4, 5, 6])
        #expect(topology.nodes.map(\.cpus) == [[2, 3], [0, 1], [8, 9], [10, 11]])
        #expect(topology.distances == DistanceMatrix(nodes: [1, 4, 5, 6], remote: 20))
    }

    @Test func `a problem of a node out of order has the place where the text has it`() throws {
        let text = "{ nodes: [{ id: 2, cpus: 1, memory: '1GiB' }, { id: 1, cpus: '0' }], distances: 5 }"
        let problems = Topology.check(try JSONDocument(text: text, name: "f")).problems
        #expect(problems.first?.path == ["nodes", 0, "cpus"] && problems.first?.location?.line == 1)
        #expect(problems.first?.message == "CPU 0 is on node 1 already; a CPU is on one node")
        #expect(problems.filter { $0.path.description == "distances" }.count == 2)
    }

    @Test func `sysctls and boot parameters go by their kernel names`() throws {
        let topology = try read(
            """
            { nodes: [{ cpus: 1, memory: "8GiB" }], kernel: "6.1.192-1",
              boot: { movablecore: "25%", cma: "64M", transparent_hugepage: "never" },
              sysctls: { "vm.min_free_kbytes": 1024, watermark_scale_factor: 20, numa_stat: 0,
                         lowmem_reserve_ratio: "128\\t64 8" } }
            """)
        #expect(topology.kernel == KernelVersion(6, 1, 192))
        #expect(topology.boot.movableCore == .percent(25) && topology.boot.cma == 64 << 20)
        #expect(!topology.boot.transparentHugePages && !topology.sysctls.numaStat)
        #expect(topology.sysctls.minFreeKbytes == 1024 && topology.sysctls.watermarkScaleFactor == 20)
        #expect(topology.sysctls.lowmemReserveRatio == [.dma: 128, .dma32: 64, .normal: 8, .highMem: 0, .movable: 0])
    }
}
