import Foundation
@testable import MachineSources
import TestSupport
import Testing
import Topology

/// QEMU itself makes the nodes that its exported arguments describe.
@Suite struct EmulatorTests {
    private static let qemu = ["/usr/bin/qemu-system-x86_64", "/usr/local/bin/qemu-system-x86_64"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// A node without CPUs, one without memory, and distances of all kinds.
    private static let machine = """
        {"nodes": [
          {"id": 0, "cpus": "0-1", "memory": "256MiB"}, {"id": 1, "memory": "192MiB"}, {"id": 2, "cpus": "2-4"}],
         "distances": [[10, 17, 21], [17, 10, 28], [21, 28, 10]]}
        """

    private func numa(_ arguments: String) throws -> [String] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.qemu))
        // Nothing is run: the machine stands still, and its monitor is asked.
        process.arguments =
            CommandWords.split(arguments).dropFirst()
            + ["-S", "-nodefaults", "-display", "none", "-accel", "tcg", "-monitor", "stdio"]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        input.fileHandleForWriting.write(Data("info numa\nquit\n".utf8))
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(whereSeparator: \.isNewline).map {
            $0.trimmingCharacters(in: .whitespaces)
        }.filter { $0.hasPrefix("node ") && !$0.contains("plugged") }
    }

    @Test(.enabled(if: qemu != nil, "needs qemu-system-x86_64"))
    func `QEMU makes the nodes of its exported arguments`() throws {
        let exported = try Sources.load(Self.machine).exported(to: .qemu)
        guard case .text(let arguments) = exported.content else { return #expect(Bool(false), "no text") }
        #expect(
            try numa(arguments) == [
                "node 0 cpus: 0 1", "node 0 size: 256 MB", "node 1 cpus:", "node 1 size: 192 MB", "node 2 cpus: 2 3 4",
                "node 2 size: 0 MB",
            ])
    }

    // MARK: Reading

    private func nodes(_ text: String) throws -> [(cpus: [CPUID], mebibytes: Int)] {
        let topology = try Sources.load(text).snapshot.topology
        return topology.nodes.map { node in
            (node.cpus, (node.memory.reduce(0) { $0 + $1.pages } * topology.pageSize) >> 20)
        }
    }

    @Test(arguments: [
        "$ qemu-system-x86_64 -smp 4 -m 2G -numa node,cpus=0-1,mem=1G -numa node,cpus=2-3,mem=1024\n",
        "#!/bin/sh\n# a guest\nMEM=1G\nexec qemu-system-x86_64 \\\n  -smp 4 -m 2G \\\n"
            + "  -numa node,cpus=0-1,mem=${MEM} -numa node,cpus=2-3,mem=$MEM\n",
        "LC_ALL=C \\\n/usr/bin/qemu-system-x86_64 \\\n-m size=2097152k \\\n-smp 4,sockets=2 \\\n"
            + "-object '{\"qom-type\":\"memory-backend-ram\",\"id\":\"ram-node0\",\"size\":1073741824}' \\\n"
            + "-numa node,nodeid=0,cpus=0-1,memdev=ram-node0 \\\n"
            + "-object '{\"qom-type\":\"memory-backend-ram\",\"id\":\"ram-node1\",\"size\":1073741824}' \\\n"
            + "-numa node,nodeid=1,cpus=2-3,memdev=ram-node1 \\\n-no-user-config\n",
        "qemu-system-x86_64 -m 2G -smp 4,sockets=2,cores=2 -numa node -numa node\n",
        "qemu-system-x86_64 -m 2G -smp 4,sockets=2,cores=1,threads=2 -numa node,mem=1G -numa node,mem=1G "
            + "-numa cpu,node-id=0,socket-id=0,core-id=0 -numa cpu,node-id=1,socket-id=1,core-id=0,thread-id=0 "
            + "-numa cpu,node-id=1,socket-id=1,core-id=0,thread-id=1\n",
        "$ vng --cpus 4 -m 2G --numa 1G,cpus=0-1 --numa 1G,cpus=2-3 -- uname\n",
        "<domain><memory unit='GiB'>2</memory><vcpu>4</vcpu><devices><memory model='dimm'/></devices><cpu><numa>"
            + "<cell id='0' cpus='0-1' memory='1' unit='GiB'/><cell id='1' cpus='2-3' memory='1048576'/></numa></cpu></domain>",
        "<capabilities><host><cpu><arch>x86_64</arch></cpu><topology><cells num='2'>"
            + "<cell id='0'><memory unit='KiB'>1048576</memory><cpus num='2'><cpu id='0'/><cpu id='1'/></cpus></cell>"
            + "<cell id='1'><memory unit='KiB'>1048576</memory><cpus num='2'><cpu id='2'/><cpu id='3'/></cpus></cell>"
            + "</cells></topology></host></capabilities>",
    ])
    func `two nodes of two CPUs and 1 GiB, in any of the emulators' languages`(text: String) throws {
        let nodes = try nodes(text)
        #expect(nodes.map(\.cpus) == [[0, 1], [2, 3]])
        #expect(nodes.map(\.mebibytes) == [1024, 1024])
    }

    @Test(arguments: [
        ("qemu-system-x86_64 -m size=2G,slots=2,maxmem=8G -smp 2,maxcpus=4", ["maxmem=8G", "maxcpus=4"]),
        ("qemu-system-x86_64 -m 2G -smp 2 -numa node,cpus=0-1,mem=2G,initiator=0", ["initiator=0"]),
        ("qemu-system-x86_64 -m 2G -smp 2 -device virtio-mem-pci,memdev=m,node=0", ["virtio-mem-pci"]),
        ("qemu-system-x86_64 -m 2G -smp 2 -append 'ro hugepages=64'", ["hugepages=64"]),
        (
            "<domain><maxMemory slots='4' unit='GiB'>8</maxMemory><memory unit='GiB'>2</memory><vcpu current='2'>4</vcpu>"
                + "<memoryBacking><hugepages/></memoryBacking></domain>", ["<maxMemory>", "<hugepages>"]
        ),
    ])
    func `what an emulator is told and has no effect is named`(text: String, words: [String]) throws {
        let machine = try Sources.load(text)
        #expect(machine.snapshot.topology.nodes.flatMap(\.cpus) == [0, 1])
        for word in words { #expect(machine.says(.notUnderstood, word)) }
    }

    @Test(arguments: [
        "qemu-system-x86_64 -m 1G,maxmem=8G -smp 2 -object memory-backend-ram,id=m0,size=1G -object memory-backend-ram,id=m1,size=512M "
            + "-numa node,nodeid=0,memdev=m0 -numa node,nodeid=1 -device pc-dimm,id=d1,memdev=m1,node=1",
        "<domain><memory unit='MiB'>1536</memory><vcpu>2</vcpu><cpu><numa><cell id='0' cpus='0-1' memory='1' unit='GiB'/>"
            + "<cell id='1' memory='0'/></numa></cpu><devices><memory model='dimm'><target><size unit='MiB'>512</size>"
            + "<node>1</node></target></memory></devices></domain>",
    ])
    func `memory modules are memory of their node, above all other`(text: String) throws {
        let topology = try Sources.load(text).snapshot.topology
        #expect(topology.nodes[0].memory == [0..<0x40000])
        #expect(topology.nodes[1].memory == [0x100000..<0x120000])
    }

    @Test(arguments: [
        ("qemu-system-x86_64 -m 1G -smp sockets=2,dies=2,cores=3,threads=2", 24, 1024),
        ("qemu-system-aarch64 -M virt -m 1.5G -smp clusters=2,cores=4", 8, 1536), ("qemu-system-x86_64 -smp 3", 3, 128),
        ("qemu-system-x86_64 -smp 2 -M q35,memory-backend=r -object memory-backend-memfd,id=r,size=3G", 2, 3072),
        ("qemu-system-s390x -m 1G -smp drawers=2,books=2,sockets=1,cores=2", 8, 1024),
    ])
    func `all forms of CPUs and memory`(text: String, cpus: Int, mebibytes: Int) throws {
        let nodes = try nodes(text)
        #expect(nodes.map(\.cpus.count) == [cpus])
        #expect(nodes.map(\.mebibytes) == [mebibytes])
    }

    @Test func `CPUs by die and core`() throws {
        let nodes = try nodes(
            "qemu-system-x86_64 -m 2G -smp 8,sockets=1,dies=2,cores=4 -numa node,mem=1G -numa node,mem=1G "
                + (0..<2).flatMap { die in
                    (0..<4).map { "-numa cpu,node-id=\(die),socket-id=0,die-id=\(die),core-id=\($0),thread-id=0 " }
                }.joined())
        #expect(nodes.map(\.cpus) == [[0, 1, 2, 3], [4, 5, 6, 7]])
    }

    @Test func `a domain without cells is one node`() throws {
        let nodes = try nodes(
            "<domain type='kvm'><memory unit='MiB'>512</memory><vcpu placement='static'>3</vcpu></domain>")
        #expect(nodes.count == 1 && nodes[0].cpus == [0, 1, 2] && nodes[0].mebibytes == 512)
    }
}
