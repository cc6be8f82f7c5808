import GFP
import Testing

@testable import Report

@Suite struct IntentWordsTests {
    @Test func `the reserves of GFP_ATOMIC are said`() throws {
        let intent = try GFPIntent(.GFP_ATOMIC, configured: [.dma, .dma32, .normal, .movable, .device])
        #expect(
            intent.sentences.first { $0.topic == "reserves" }?.text
                == "may go down to three eighths of the min mark, and HighAtomic pageblocks for orders above 0")
    }
}
