import BuddyEngine
import Foundation
import KernelText
import MachineSources
import TestSupport
import Testing
import Topology

/// Every saved tree of the corpus becomes a machine that holds together, or is refused with a true sentence.
@Suite struct CorpusTests {
    private static let proc = "corpus/proc"
    private static let hwloc = "corpus/hwloc"

    private static var directories: [String] {
        let root = SharedMaterial.root.appendingPathComponent(proc)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        return names.filter { !$0.contains(".") }.sorted()
    }

    @Test(
        .enabled(if: SharedMaterial.has(proc)), arguments: directories)
    func `directories with a zoneinfo have its zones`(name: String) throws {
        let root = SharedMaterial.root.appendingPathComponent("\(Self.proc)/\(name)").path
        let zoneInfoPath = [root + "/zoneinfo", root + "/proc/zoneinfo"].first(where: FileManager.default.fileExists)
        do throws(HostReadError) {
            let snapshot = try HostReader(root: root).snapshot()
            expectConsistent(snapshot, name)
            guard let zoneInfoPath, let data = FileManager.default.contents(atPath: zoneInfoPath) else { return }
            let text = try? ZoneInfoText(parsing: Array(data), name: name)
            let populated = text?.zones.filter { $0.present > 0 } ?? []
            #expect(snapshot.zones.map(\.span.start.rawValue) == populated.compactMap(\.startPageFrame))
            #expect(snapshot.zones.map(\.freePages) == populated.map(\.free))
            #expect(snapshot.zones.map(\.watermarks?.min) == populated.map { $0.min - ($0.boost ?? 0) })
            #expect(snapshot.zones.allSatisfy { $0.lowmemReserve != nil })
        } catch {
            #expect(zoneInfoPath == nil, "\(name) has a zoneinfo and is refused: \(error)")
            #expect(error.description.contains(root))
        }
    }

    @Test(.enabled(if: SharedMaterial.has(proc)))
    func `buddyinfo counts of pairs that agree`() throws {
        let root = SharedMaterial.root.appendingPathComponent(Self.proc)
        let table = try String(contentsOf: root.appendingPathComponent("pair-consistency.txt"), encoding: .utf8)
        let mixed: Set = ["node-exporter-fixture", "pcp-meminfo-root-001", "procfs-fixture"]
        var checked = 0
        for line in table.split(separator: "\n") where !line.hasPrefix("#") {
            let fields = line.split(separator: " ")
            let path = root.appendingPathComponent(String(fields[0])).path
            guard !mixed.contains(String(fields[0])), FileManager.default.fileExists(atPath: path) else { continue }
            let snapshot = try HostReader(root: path).snapshot()
            for field in fields.dropFirst() {
                let parts = field.split { $0 == ":" || $0 == "/" }
                let zone = snapshot.zones.first { $0.span.kind.kernelName == parts[0] }
                #expect(zone.map(pages) == Int(parts[1]), "\(line)")
                #expect(zone?.freePages == Int(parts[2]), "\(line)")
                checked += 1
            }
        }
        #expect(checked >= 20)
    }

    @Test(
        .enabled(if: SharedMaterial.has(hwloc)), .enabled(if: SavedTree.canUnpack, "needs tar and bzip2"),
        arguments: SharedMaterial.files(in: hwloc, endingIn: ".tar.bz2"))
    func `trees gathered for hwloc`(path: String) throws {
        let tree = try SavedTree()
        try tree.unpack(SharedMaterial.root.appendingPathComponent(path))
        #expect(!tree.directories.isEmpty)
        for directory in tree.directories {
            let nodes = (0..<1024).filter {
                FileManager.default.fileExists(atPath: "\(directory)/sys/devices/system/node/node\($0)")
            }
            do throws(HostReadError) {
                let snapshot = try HostReader(root: directory).snapshot()
                expectConsistent(snapshot, path)
                if !nodes.isEmpty { #expect(snapshot.topology.nodes.map { Int($0.id.rawValue) } == nodes) }
                #expect(snapshot.notes.contains { $0.contains("addresses are assumed") })
                // A directory that is given is believed, even where only CPUs are told; one that is met is not.
                #expect(HostReader.looksLikeSavedTree(directory) || nodes.isEmpty)
            } catch {
                switch error {
                case .noMemory: #expect(!hasSizes(directory, nodes), "\(path): \(error)")
                case .nothingToRead: #expect(nodes.isEmpty, "\(path): \(error)")
                default: Issue.record("\(path): \(error)")
                }
            }
        }
    }

    @Test(
        .enabled(if: SharedMaterial.has(hwloc)),
        arguments: SharedMaterial.files(in: hwloc, endingIn: ".tar.bz2"))
    func `tarballs gathered for hwloc are machines as they are`(path: String) throws {
        let file = SharedMaterial.root.appendingPathComponent(path).path
        do {
            let machine = try MachineSource.path(file).load()
            expectConsistent(machine.snapshot, path)
            #expect(machine.notes.contains { $0.kind == .used && $0.text.hasPrefix("Of the archive") })
            let unpacked = try SavedTree()
            guard SavedTree.canUnpack else { return }
            try unpacked.unpack(URL(fileURLWithPath: file))
            guard let directory = unpacked.directories.first else { return }
            guard let tree = try? HostReader(root: directory).snapshot() else { return }
            #expect(machine.snapshot.topology.nodes.map(\.id) == tree.topology.nodes.map(\.id))
            // What says which CPUs there are is not unpacked where there are no nodes.
            if machine.snapshot.topology.nodes.count > 1 {
                #expect(machine.snapshot.topology.nodes.map(\.cpus) == tree.topology.nodes.map(\.cpus))
            }
            #expect(machine.snapshot.topology.distances == tree.topology.distances)
        } catch let error as HostReadError {
            switch error {
            case .noMemory: break
            default: Issue.record("\(path): \(error)")
            }
        } catch let error as SourceRefusal {
            #expect(path.hasSuffix("/2ps3-2t.tar.bz2"), "\(path) describes more than CPUs: \(error)")
        }
    }

    private func hasSizes(_ directory: String, _ nodes: [Int]) -> Bool {
        nodes.contains { node in
            let path = "\(directory)/sys/devices/system/node/node\(node)/meminfo"
            let text = FileManager.default.contents(atPath: path).flatMap {
                try? MemInfoText(parsing: Array($0), name: path)
            }
            return (text?["MemTotal"] ?? 0) > 0
        }
    }

    private func pages(_ zone: ZoneSnapshot) -> Int {
        guard case .counts(let counts) = zone.free else { return -1 }
        return counts.enumerated().reduce(0) { $0 + $1.element.total << $1.offset }
    }

    private func expectConsistent(_ snapshot: Snapshot, _ name: String) {
        let topology = snapshot.topology
        #expect(topology.nodes.map(\.id) == topology.nodes.map(\.id).sorted())
        #expect(topology.distances.nodes == topology.nodes.map(\.id))
        #expect(topology.nodes.contains { !$0.memory.isEmpty }, "\(name)")
        #expect(topology.nodes.contains { !$0.cpus.isEmpty }, "\(name)")
        for zone in snapshot.zones {
            #expect(zone.span.managed <= zone.span.present && zone.span.present <= zone.span.spanned)
            #expect(zone.lowmemReserve == nil || zone.lowmemReserve?.count == topology.architecture.zoneKinds.count)
            guard case .counts(let counts) = zone.free else { continue }
            #expect(pages(zone) <= zone.span.managed, "\(name) \(zone.span.kind)")
            for count in counts {
                guard let byType = count.byType else { continue }
                #expect(byType.values.reduce(0, +) == count.total, "\(name) \(zone.span.kind)")
            }
        }
    }
}
