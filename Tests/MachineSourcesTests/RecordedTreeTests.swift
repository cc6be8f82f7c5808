import Foundation
import KernelText
import MachineSources
import TestSupport
import Testing
import Topology

/// The texts of recorded machines of 6.1 and 6.12, saved as a tree: what is read is what the kernel printed.
@Suite struct RecordedTreeTests {
    private static let failures = "oracle/failures"

    private static var recordings: [String] {
        SharedMaterial.files(in: failures, endingIn: ".json").filter { !$0.contains("/variants/") }
    }

    @Test(.enabled(if: SharedMaterial.has(failures)))
    func `a recorded machine's zones, marks, reserves and free blocks`() throws {
        var count = 0
        for path in Self.recordings {
            let data = try Data(contentsOf: SharedMaterial.root.appendingPathComponent(path))
            let json = try JSONSerialization.jsonObject(with: data) as? [String: Any]
            guard let json, let release = json["release"] as? String,
                let texts = json["before"] as? [String: String], let zoneInfo = texts["zoneinfo"],
                let buddyInfo = texts["buddyinfo"]
            else { continue }
            let version = "Linux version \(release) (builder@host) #1 SMP\n"
            let tree = try SavedTree(texts.merging(["version": version]) { $1 })
            let snapshot = try HostReader(root: tree.root).snapshot()
            count += 1

            #expect(BuddyInfoText(snapshot).text == buddyInfo + "\n", "\(path)")
            // The small CMA kernels have no Device zone; a node plugged in after boot has no marks until it has memory.
            guard !path.contains("/k61c-"), !path.contains("/k612c-"), !path.contains("hotplug-offline") else {
                continue
            }
            let read = try ZoneInfoText(parsing: zoneInfo, name: path)
            let written = ZoneInfoText(snapshot)
            // A snapshot has no counters of nodes, nor what is on which CPU's lists.
            func stripped(_ zone: ZoneInfoText.Zone) -> ZoneInfoText.Zone {
                var zone = zone
                zone.nodeCounters = []
                zone.pagesets = []
                zone.isUnreclaimable = zone.isUnreclaimable.map { _ in false }
                return zone
            }
            for (written, read) in zip(written.zones.map(stripped), read.zones.map(stripped)) where written != read {
                let lines = [written, read].map { zone in
                    ZoneInfoText(zones: [zone], form: .of(snapshot.topology.kernel)).text.split(separator: "\n")
                }
                let pair = zip(lines[0], lines[1]).first { $0 != $1 }
                Issue.record("\(path): wrote '\(pair?.0 ?? "")', expected '\(pair?.1 ?? "")'")
            }
            #expect(written.zones.count == read.zones.count)
            #expect(written.form.amounts == read.form.amounts)
            #expect(snapshot.notes.allSatisfy { !$0.contains("ignored") && !$0.contains("architecture") }, "\(path)")
            guard texts["pagetypeinfo"] != nil else { continue }
            #expect(snapshot.zones.allSatisfy { $0.pageblockCounts != nil }, "\(path)")
        }
        #expect(count > 100)
    }
}
