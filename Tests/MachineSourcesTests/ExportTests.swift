import Foundation
@testable import MachineSources
import TestSupport
import Testing
import Topology

/// Each machine in, each machine out: what a form can say is the same machine when it is read back.
@Suite struct ExportTests {
    static let machines: [String] = {
        let folder = SharedMaterial.packageRoot.appendingPathComponent("Config")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".json") && !$0.contains("schema") }.sorted().map { folder.path + "/" + $0 }
    }()

    private func roundTrip(_ path: String, _ name: String) throws -> (before: SourcedMachine, after: SourcedMachine) {
        let before = try MachineSource.path(path).load()
        let exported = try before.exported(to: try #require(ExportFormat.named(name)))
        let after: SourcedMachine
        switch exported.content {
        case .text(let text): after = try Sources.load(text)
        case .bytes(let bytes): after = try MachineSource.bytes(bytes, name: "bytes").load()
        case .files(let files):
            let tree = try SavedTree(files)
            after = try MachineSource.path(tree.root).load()
        }
        return (before, after)
    }

    private func expectNodes(_ after: SourcedMachine, equal before: SourcedMachine, numbers: Bool = true) {
        let old = before.snapshot.topology
        let new = after.snapshot.topology
        if numbers {
            #expect(new.nodes.map(\.id) == old.nodes.map(\.id))
            #expect(new.nodes.map(\.cpus) == old.nodes.map(\.cpus))
        }
        #expect(new.nodes.map(\.cpus.count) == old.nodes.map(\.cpus.count))
        #expect(new.distances.rows == old.distances.rows)
    }

    @Test(arguments: machines)
    func `json and its compact form hold everything`(path: String) throws {
        for form in ["json", "nzs"] {
            let (before, after) = try roundTrip(path, form)
            #expect(after.snapshot.topology == before.snapshot.topology, "\(form)")
            #expect(after.snapshot.zones == before.snapshot.zones, "\(form)")
        }
    }

    @Test(arguments: machines)
    func `a boot log holds nodes, ranges, zones and CPUs`(path: String) throws {
        let (before, after) = try roundTrip(path, "boot-log")
        let old = before.snapshot.topology
        let new = after.snapshot.topology
        #expect(new.architecture == old.architecture && new.kernel == old.kernel && new.pageSize == old.pageSize)
        #expect(new.nodes.map(\.id) == old.nodes.map(\.id))
        #expect(new.nodes.map(\.cpus) == old.nodes.map(\.cpus))
        #expect(new.nodes.map { new.presentMemory(of: $0) } == old.nodes.map { old.presentMemory(of: $0) })
        let zones = [old, new].map { $0.zoneSpans().filter { $0.present > 0 } }
        #expect(zones[0].map(\.start) == zones[1].map(\.start) && zones[0].map(\.kind) == zones[1].map(\.kind))
        #expect(zones[0].reduce(0) { $0 + $1.managed } == zones[1].reduce(0) { $0 + $1.managed })
        for node in old.nodes {
            #expect(try after.order(of: Int(node.id.rawValue)) == before.order(of: Int(node.id.rawValue)))
        }
    }

    @Test(arguments: machines)
    func `a tree holds zones, marks and free blocks`(path: String) throws {
        let (before, after) = try roundTrip(path, "sysfs")
        expectNodes(after, equal: before)
        let state = try before.machine()
        for zone in after.snapshot.zones {
            guard let position = state.position(of: zone.span.reference) else {
                Issue.record("there is no \(zone.span.reference)")
                continue
            }
            state.withZone(position) { own in
                #expect(own.managed == zone.span.managed && own.present == zone.span.present)
                #expect(own.watermark(.min) == zone.watermarks?.min && own.watermark(.high) == zone.watermarks?.high)
                #expect(own.buddy.freePages == zone.freePages)
            }
        }
    }

    @Test(arguments: machines)
    func `hwloc's XML holds nodes, CPUs, sizes and distances`(path: String) throws {
        let (before, after) = try roundTrip(path, "hwloc-xml")
        expectNodes(after, equal: before)
        #expect(after.sizes == before.sizes)
    }

    @Test(arguments: machines.flatMap { path in ["qemu", "vng", "libvirt"].map { (path, $0) } })
    func `emulators' arguments hold nodes and distances`(path: String, form: String) throws {
        let (before, after) = try roundTrip(path, form)
        expectNodes(after, equal: before, numbers: false)
        let old = before.snapshot.topology.nodes.map { (before.presentBytes(of: $0) + (1 << 20) - 1) >> 20 }
        let page = UInt64(after.snapshot.topology.pageSize)
        let new = after.snapshot.topology.nodes.map { (UInt64($0.memory.reduce(0) { $0 + $1.pages }) * page) >> 20 }
        #expect(new == old)
    }

    @Test(arguments: machines)
    func `numactl's text holds nodes, CPUs and distances`(path: String) throws {
        let (before, after) = try roundTrip(path, "numactl")
        expectNodes(after, equal: before)
    }

    @Test func `a synthetic description is of like nodes, and others are refused`() throws {
        let like = try Sources.load("node 0 cpus: 0 1\nnode 0 size: 1024 MB\nnode 1 cpus: 2 3\nnode 1 size: 1024 MB\n")
        let text = try like.exported(to: .synthetic)
        guard case .text(let words) = text.content else { return #expect(Bool(false), "no text") }
        let read = try MachineSource.synthetic(words).load()
        #expect(read.snapshot.topology.nodes.map(\.cpus) == [[0, 1], [2, 3]])
        let unlike = try MachineSource.path(Self.machines.first { $0.contains("cxl") } ?? "").load()
        #expect(throws: SourceRefusal.self) { try unlike.exported(to: .synthetic) }
    }

    private static let lstopo = ["/usr/bin/lstopo-no-graphics", "/usr/bin/lstopo"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(.enabled(if: lstopo != nil, "needs hwloc's lstopo"), arguments: ["sysfs", "hwloc-xml"])
    func `lstopo itself reads what is exported`(form: String) throws {
        let text = """
            {"nodes": [
              {"id": 0, "cpus": "0-1", "memory": "256MiB"}, {"id": 1, "cpus": "2-4", "memory": "128MiB"},
              {"id": 3, "memory": "192MiB"}], "distances": [[10, 17, 21], [17, 10, 28], [21, 28, 10]]}
            """
        let before = try Sources.load(text)
        let exported = try before.exported(to: try #require(ExportFormat.named(form)))
        let tree: SavedTree
        switch exported.content {
        case .text(let text): tree = try SavedTree(["in.xml": text])
        case .bytes(let bytes): tree = try SavedTree(["in.xml": String(decoding: bytes, as: UTF8.self)])
        case .files(let files): tree = try SavedTree(files)
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.lstopo))
        let input = form == "sysfs" ? tree.root : tree.root + "/in.xml"
        process.arguments = ["--input", input, "--no-io", "--of", "xml", tree.root + "/out.xml"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let after = try MachineSource.path(tree.root + "/out.xml").load()
        expectNodes(after, equal: before)
        #expect(after.sizes == before.sizes)
    }
}
