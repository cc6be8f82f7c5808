import Testing

@testable import BuddyEngine

/// Tables that share one mapping are as good as tables of their own.
@Suite struct TableSpaceTests {
    @Test func `tables of one space lie apart, are zero, and one that does not fit has memory of its own`() {
        let page = TableSpace.largestPage
        let sizes = [1, page, page + 1000]
        let space = TableSpace(bytes: sizes.reduce(0) { $0 + TableSpace.bytes(of: UInt8.self, count: $1) })
        // Of elements eight times as large, the third does not fit.
        let first = LazyMemory<UInt8>(count: sizes[0], in: space)
        let second = LazyMemory<UInt8>(count: sizes[1], in: space)
        let third = LazyMemory<UInt64>(count: sizes[2], in: space)
        let fourth = LazyMemory<UInt8>(count: sizes[2], in: space)
        let bytes = [first.base, second.base, fourth.base]
        let words = third.base
        #expect(bytes[1] == bytes[0] + page, "each begins at a page")
        #expect(bytes[2] == bytes[1] + page, "what did not fit took nothing")
        #expect((0..<sizes[2]).allSatisfy { words[$0] == 0 })
        for (table, size) in sizes.enumerated() {
            #expect((0..<size).allSatisfy { bytes[table][$0] == 0 })
            for index in 0..<size { bytes[table][index] = UInt8(table + 1) }
        }
        for index in 0..<sizes[2] { words[index] = 9 }
        for (table, size) in sizes.enumerated() {
            #expect((0..<size).allSatisfy { bytes[table][$0] == UInt8(table + 1) })
        }
        #expect((0..<sizes[2]).allSatisfy { words[$0] == 9 })
        withExtendedLifetime(space) {}
        _ = (first.count, second.count, third.count, fourth.count)
    }

    @Test func `where the system has no room for all tables at once, each has memory of its own`() {
        let space = TableSpace(bytes: 1 << 60)
        let table = LazyMemory<UInt8>(count: 100, in: space)
        let isPart = table.isPart
        #expect(!isPart)
    }

    @Test func `a table that was cleared is zero, small or large, and its neighbours are as they were`() {
        for count in [100, 1 << 17] {
            let space = TableSpace(bytes: 3 * TableSpace.bytes(of: UInt8.self, count: count))
            let tables = (0..<3).map { _ in Table(count: count, in: space) }
            let bytes = tables.map { UnsafeMutableBufferPointer(start: $0.memory.base, count: count) }
            for table in bytes { table.update(repeating: 7) }
            tables[1].memory.clear()
            #expect(bytes[1].allSatisfy { $0 == 0 })
            #expect(bytes[0].allSatisfy { $0 == 7 } && bytes[2].allSatisfy { $0 == 7 })
            withExtendedLifetime(tables) {}
        }
    }

    @Test(arguments: [false, true])
    func `a span's tables fit what is said that they take`(isOdd: Bool) {
        let range: Range<PageFrame> = isOdd ? 1023..<70_001 : 0..<65_536
        let space = TableSpace(
            bytes: BuddySpan.tableBytes(range, maximumOrder: 10, pageblockOrder: 9, cpuCount: 4))
        let span = BuddySpan(range: range, rules: .v6_12, cpuCount: 4, in: space)
        let areParts = [
            span.links.isPart, span.states.isPart, span.pageblockTypes.isPart, span.movableMarks.isPart,
            span.counters.shares.isPart,
        ]
        #expect(areParts.allSatisfy { $0 }, "\(areParts)")
    }
}

/// Noncopyable memory, in something that an array can hold.
private final class Table {
    let memory: LazyMemory<UInt8>

    init(count: Int, in space: TableSpace) { memory = LazyMemory(count: count, in: space) }
}
