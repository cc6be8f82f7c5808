import Testing
import Topology

@testable import KernelText

/// The small parts that files of /proc and sysfs are made of.
@Suite struct ZoneListFormTests {
    private func buddyInfo(_ text: String) throws -> BuddyInfoText {
        try BuddyInfoText(parsing: Array(text.utf8), name: "buddyinfo")
    }

    @Test func `blocks of buddyinfo count by their order`() throws {
        let row = try #require(try buddyInfo("Node 0, zone   Normal      3      2      1\n").rows.first)
        #expect(row.pages == 3 + 2 * 2 + 4)
    }

    @Test func `a zone that is there twice is an error that names it`() throws {
        let line = "Node 0, zone   Normal      3      2      1\n"
        #expect(throws: KernelTextError.self) { try buddyInfo(line + line) }
        #expect(try buddyInfo(line + line.replacing("Normal", with: "   DMA")).rows.count == 2)
    }

    @Test func `a list has both ends of its ranges`() throws {
        #expect(try NumberSetText.list(parsing: "0-3,8\n", name: "online") == [0, 1, 2, 3, 8])
        #expect(try NumberSetText.list(parsing: "\n", name: "online") == [])
    }

    @Test func `the last word of a mask has the lowest numbers`() throws {
        #expect(try NumberSetText.mask(parsing: "00000001,80000003\n", name: "cpumap") == [0, 1, 31, 32])
    }

    @Test func `a row has at most as many distances as there can be nodes`() throws {
        let row = Array(repeating: "10", count: 1024).joined(separator: " ")
        #expect(try NumberSetText.distances(parsing: row, name: "distance").count == 1024)
        #expect(throws: KernelTextError.self) { try NumberSetText.distances(parsing: row + " 10", name: "distance") }
        #expect(throws: KernelTextError.self) { try NumberSetText.distances(parsing: "\n", name: "distance") }
    }
}
