import Foundation
@testable import MachineSources
import TestSupport
import Testing
import Topology

@Suite struct RoundTripTests {
    @Test func `discovery`() throws {
        let config = ExportTests.machines
        let proc =
            (try? FileManager.default.contentsOfDirectory(atPath: SharedMaterial.root.path + "/corpus/proc")) ?? []
        let hwloc = SharedMaterial.files(in: "corpus/hwloc", endingIn: ".tar.bz2").map {
            SharedMaterial.root.path + "/" + $0
        }
        let all =
            config + proc.filter { !$0.contains(".") }.sorted().map { SharedMaterial.root.path + "/corpus/proc/" + $0 }
            + hwloc
        for path in all {
            guard let before = try? MachineSource.path(path).load() else { print("RT none \(path)"); continue }
            guard let built = try? before.machine() else { print("RT unbuilt \(path)"); continue }
            let values = MachineFact.allCases.map { $0.value(in: before, built) }
            for format in ExportFormat.all {
                let exported: Exported
                do { exported = try before.exported(to: format) } catch {
                    print("RT \(format.name) \(path) REFUSED \(error)"); continue
                }
                do {
                    let after: SourcedMachine
                    switch exported.content {
                    case .text(let text): after = try MachineSource.bytes(Array(text.utf8), name: "x").load()
                    case .files(let files):
                        let tree = try SavedTree(files)
                        after = try MachineSource.path(tree.root).load()
                    }
                    let other = try after.machine()
                    for (index, fact) in MachineFact.allCases.enumerated() {
                        let value = fact.value(in: after, other)
                        if value != values[index] {
                            print(
                                "RT \(format.name)\t\(URL(fileURLWithPath: path).lastPathComponent)\t\(fact)\t\(values[index].prefix(160))\t\(value.prefix(160))"
                            )
                        }
                    }
                } catch { print("RT \(format.name) \(path) READBACK \(error)") }
            }
        }
    }
}
