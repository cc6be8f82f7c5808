import TestSupport
import Testing

@testable import Traces

@Suite struct FrameTableTests {
    @Test(arguments: 0..<6)
    func `the table is a dictionary, whatever the frames`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var table = FrameTable()
        var model: [UInt64: FrameTable.Value] = [:]
        for _ in 0..<12_000 {
            let frame = generator.next() >> [20, 40, 50, 8].randomElement(using: &generator)!
            if Bool.random(using: &generator) {
                let value = FrameTable.Value(frame: frame & 0xFFFF_FFFF, order: UInt8(frame & 7))
                table[frame] = value
                model[frame] = value
            } else {
                let known = model.keys.first ?? frame
                table[known] = .none
                model[known] = nil
            }
        }
        #expect(model.allSatisfy { table[$0.key] == $0.value }, "\(generator)")
        var count = 0
        table.forEachBlock { frame, value in
            count += 1
            #expect(model[frame] == value)
        }
        #expect(count == model.count, "\(generator)")
    }

    @Test func `a value keeps its frame and order`() {
        let value = FrameTable.Value(frame: 1 << 51, order: 10)
        #expect(value.frame == 1 << 51 && value.order == 10 && value.isBlock)
        #expect(!FrameTable.Value.refused.isBlock && !FrameTable.Value.none.isBlock)
    }
}
