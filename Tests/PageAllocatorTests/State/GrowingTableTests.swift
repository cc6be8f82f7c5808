import Testing

@testable import PageAllocator

@Suite struct GrowingTableTests {
    @Test func `a table keeps what was added when it grows, is cut, and becomes fixed`() {
        var table = GrowingTable<Int>(capacity: 0)
        for number in 0..<1000 { table.append(number) }
        table.removeAll(from: 500)
        for number in 500..<700 { table.append(-number) }
        #expect(table.count == 700 && table[499] == 499 && table[500] == -500)
        let fixed = table.fixed()
        #expect(fixed.count == 700 && (0..<700).allSatisfy { fixed[$0] == ($0 < 500 ? $0 : -$0) })
    }
}
