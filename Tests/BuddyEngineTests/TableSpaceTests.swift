import Testing

@testable import BuddyEngine

/// Tables that share one mapping are as good as tables of their own.
@Suite struct TableSpaceTests {
    @Test func `tables of one space lie apart, are zero, and one that does not fit has memory of its own`() {
        let sizes = [1, 4096, 5000]
        let space = TableSpace(bytes: sizes.reduce(0) { $0 + TableSpace.bytes(of: UInt8.self, count: $1) })
        // Of elements eight times as large, the third does not fit.
        let first = LazyMemory<UInt8>(count: sizes[0], in: space)
        let second = LazyMemory<UInt8>(count: sizes[1], in: space)
        let third = LazyMemory<UInt64>(count: sizes[2], in: space)
        let fourth = LazyMemory<UInt8>(count: sizes[2], in: space)
        #expect(second.base == first.base + 4096, "each begins at a page")
        #expect(fourth.base == second.base + 4096, "what did not fit took nothing")
        #expect((0..<first.count).allSatisfy { first.base[$0] == 0 })
        for index in 0..<first.count { first.base[index] = 1 }
        for index in 0..<second.count { second.base[index] = 2 }
        for index in 0..<third.count { third.base[index] = 3 }
        for index in 0..<fourth.count { fourth.base[index] = 4 }
        #expect((0..<first.count).allSatisfy { first.base[$0] == 1 })
        #expect((0..<second.count).allSatisfy { second.base[$0] == 2 })
        #expect((0..<third.count).allSatisfy { third.base[$0] == 3 })
        #expect((0..<fourth.count).allSatisfy { fourth.base[$0] == 4 })
    }

    @Test func `a table that was cleared is zero, small or large, and its neighbours are as they were`() {
        for count in [100, 1 << 17] {
            let space = TableSpace(bytes: 3 * TableSpace.bytes(of: UInt8.self, count: count))
            let tables = (0..<3).map { _ in Table(count: count, in: space) }
            for table in tables { for index in 0..<count { table.memory.base[index] = 7 } }
            tables[1].memory.clear()
            #expect((0..<count).allSatisfy { tables[1].memory.base[$0] == 0 })
            #expect((0..<count).allSatisfy { tables[0].memory.base[$0] == 7 && tables[2].memory.base[$0] == 7 })
        }
    }

    @Test(arguments: [false, true])
    func `a span's tables fit what is said that they take`(isOdd: Bool) {
        let range: Range<PageFrame> = isOdd ? 1023..<70_001 : 0..<65_536
        let space = TableSpace(
            bytes: BuddySpan.tableBytes(range, maximumOrder: 10, pageblockOrder: 9, cpuCount: 4))
        let span = BuddySpan(range: range, rules: .v6_12, cpuCount: 4, in: space)
        #expect(span.links.isPart && span.states.isPart && span.pageblockTypes.isPart && span.movableMarks.isPart)
        #expect(span.counters.shares.isPart)
    }
}

/// Noncopyable memory, in something that an array can hold.
private final class Table {
    let memory: LazyMemory<UInt8>

    init(count: Int, in space: TableSpace) { memory = LazyMemory(count: count, in: space) }
}
