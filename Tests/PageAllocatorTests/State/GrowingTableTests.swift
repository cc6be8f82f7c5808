import Testing

@testable import PageAllocator

@Suite struct GrowingTableTests {
    @Test func `a table keeps what was added when it grows, is cut, and becomes fixed`() {
        var table = GrowingTable<Int>(capacity: 0)
        for number in 0..<1000 { table.append(number) }
        table.removeAll(from: 500)
        for number in 500..<700 { table.append(-number) }
        let fixed = table.fixed()
        var numbers: [Int] = []
        for index in 0..<fixed.count { numbers.append(fixed[index]) }
        #expect(numbers == Array(0..<500) + (500..<700).map { -$0 })
    }
}
