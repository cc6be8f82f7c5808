import Foundation
import KernelText
import LibNUMA
import MachineSources
import Testing
import Topology

/// The running machine, as it is read here and as `numactl -H` shows it.
@Suite struct LiveHostTests {
    private static let numactl = "/usr/bin/numactl"
    private static let canRead = FileManager.default.isReadableFile(atPath: "/proc/zoneinfo")
    private static let hasTool = FileManager.default.isExecutableFile(atPath: numactl)

    @Test(.enabled(if: canRead && hasTool))
    func `the host agrees with numactl -H on nodes, CPUs, sizes and distances`() throws {
        let tool = Process()
        let pipe = Pipe()
        tool.executableURL = URL(fileURLWithPath: Self.numactl)
        tool.arguments = ["-H"]
        tool.standardOutput = pipe
        try tool.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        tool.waitUntilExit()
        try #require(tool.terminationStatus == 0)
        let text = try NUMACtlText(parsing: Array(output), name: "numactl -H")
        let snapshot = try HostReader(library: LibNUMA()).snapshot()

        #expect(snapshot.topology.nodes.map(\.id) == text.nodes.map(\.id))
        #expect(snapshot.topology.nodes.map(\.cpus) == text.nodes.map { $0.cpus ?? [] })
        #expect(snapshot.topology.distances == text.distances)
        for node in text.nodes {
            let managed = snapshot.zones.filter { $0.span.node == node.id }.reduce(0) { $0 + $1.span.managed }
            let size = (managed * snapshot.topology.pageSize) >> 20
            // Memory still coming online, or a balloon, is in one figure and not in the other: then it is said.
            let isClose = abs(size - (node.size ?? -1)) <= max(size / 32, 1)
            #expect(isClose || snapshot.notes.contains { $0.hasPrefix("node \(node.id) has \(managed) managed pages") })
        }
        // Versions differ in blanks at line ends.
        #expect(words(text.text) == words(String(decoding: output, as: UTF8.self)))
    }

    private func words(_ text: String) -> [[Substring]] {
        text.split(separator: "\n").map { $0.split(separator: " ") }
    }

    @Test(.enabled(if: canRead))
    func `the host's zoneinfo and buddyinfo are written as the kernel writes them`() throws {
        let zoneInfo = try #require(FileManager.default.contents(atPath: "/proc/zoneinfo"))
        #expect(
            try ZoneInfoText(parsing: Array(zoneInfo), name: "zoneinfo").text
                == String(decoding: zoneInfo, as: UTF8.self))
        let buddyInfo = try #require(FileManager.default.contents(atPath: "/proc/buddyinfo"))
        #expect(
            try BuddyInfoText(parsing: Array(buddyInfo), name: "buddyinfo").text
                == String(decoding: buddyInfo, as: UTF8.self))
    }
}
