import BuddyEngine
import Foundation
import TestSupport
import Testing

@testable import PageAllocator

/// The kernel's indices of fragmentation, from counts of free blocks.
@Suite struct FragmentationTests {
    @Test func `an index says whether memory is short or in pieces`() {
        let pieces = Fragmentation(counts: [1000, 0, 0, 0, 0])
        #expect(pieces.index(0) == -1000)
        #expect(pieces.index(4) == 1000 - (1000 + 62_500) / 1000)
        #expect(pieces.unusable(4) == 1000)
        #expect(pieces.unusable(0) == 0)
        #expect(Fragmentation(counts: [0, 0]).index(1) == 0)
        #expect(Fragmentation(counts: [0, 0]).unusable(1) == 1000)
        // 16 pages in two blocks: not enough for order 5 even if they were one.
        #expect(Fragmentation(counts: [0, 0, 0, 2, 0, 0]).index(5) < 500)
    }

    @Test func `the unusable index is the part of free memory in smaller blocks`() {
        // 3 free pages in single blocks and one block of order 3: 11 pages in 4 blocks.
        let zone = Fragmentation(counts: [3, 0, 0, 1, 0])
        #expect((0..<5).map { zone.unusable(Order($0)) } == [0, 272, 272, 272, 1000])
        #expect(zone.index(4) == 1000 - 1687 / 4)
        #expect(zone.index(3) == -1000)
        // All in single pages: a matter of pieces. One page: a matter of memory.
        #expect(Fragmentation(counts: [4096, 0, 0, 0]).index(3) > 850)
        #expect(Fragmentation(counts: [1, 0, 0, 0]).index(3) < 0)
    }

    static let corpus = "corpus/proc/huawei8-8node-2016/buddyinfo+unusable_index.txt"

    @Test(.enabled(if: SharedMaterial.has(corpus)))
    func `all 110 indices of a real machine come out of its counts`() throws {
        let text = try String(contentsOf: SharedMaterial.root.appendingPathComponent(Self.corpus), encoding: .utf8)
        var counts: [String: [Int]] = [:]
        var checked = 0
        for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix("Node") {
            let fields = line.split(separator: " ").map(String.init)
            let zone = fields[1] + fields[3]
            if fields[4].contains(".") {
                let blocks = try #require(counts[zone])
                for (order, index) in fields.dropFirst(4).enumerated() {
                    let expected = try #require(Int(index.filter { $0 != "." }))
                    #expect(Fragmentation(counts: blocks).unusable(Order(order)) == expected, "\(zone) order \(order)")
                    checked += 1
                }
            } else {
                counts[zone] = fields.dropFirst(4).compactMap { Int($0) }
            }
        }
        #expect(checked == 110)
    }
}
