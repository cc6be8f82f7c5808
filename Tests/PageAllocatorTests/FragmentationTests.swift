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
