import SourceText
import Testing

@testable import Scenarios

/// What can never be met is a mistake in the scenario, found before it is played.
@Suite struct ImpossibleExpectationTests {
    private func problems(_ expectation: String) throws -> [String] {
        let text = """
            { "topology": { "nodes": [{ "cpus": "0", "memory": "1GiB" }] },
              "steps": [{ "alloc": "GFP_KERNEL" }, { "expect": \(expectation) }] }
            """
        let document = try JSONDocument(SourceFile(name: "scenario", text: text))
        return Scenario.check(document).problems.map(\.message)
    }

    @Test func `a min mark above the low one`() throws {
        #expect(
            try problems("{ \"watermarks\": { \"0/DMA32\": { \"min\": 900, \"low\": 800 } } }")
                == ["min is never above low, so it cannot be 900 with 800 as low"])
    }

    @Test func `more pages than there are`() throws {
        #expect(try problems("{ \"watermarks\": { \"0/DMA32\": { \"min\": 1000000000 } } }").count == 1)
        #expect(try problems("{ \"free\": { \"0/DMA32\": { \"atLeast\": 1000000000 } } }").count == 1)
        #expect(try problems("{ \"free\": { \"0/DMA32\": { \"atMost\": 1000000000 } } }").isEmpty)
    }
}
