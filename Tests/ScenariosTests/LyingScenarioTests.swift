import Foundation
import SourceText
import TestSupport
import Testing

@testable import Scenarios

/// A scenario that names what is not there is refused or fails, and never trapped on.
@Suite struct LyingScenarioTests {
    @Test(arguments: ["gfp-dma", "nodes/bound-process-killed", "nodes/interleave-or-local"])
    func `no lie traps, in whatever number, word or flag`(name: String) throws {
        let file = ScenarioTests.folder.appendingPathComponent(name + ".json5")
        let folder = file.deletingLastPathComponent().path + "/"
        let liar = Liar(try JSONDocument.load(file.path))
        var refused = 0
        for place in 0..<liar.count {
            for choice in UInt64(0)..<16 where (place + Int(choice)) % 16 == 0 {
                guard let (document, _) = liar.lie(at: place, choice: choice) else { continue }
                guard var scenario = Scenario.check(document, folder: folder).scenario else {
                    refused += 1
                    continue
                }
                // A lie may ask for more than anybody waits for.
                scenario.limit = min(scenario.limit, 500)
                _ = try? scenario.run()
            }
        }
        #expect(refused > 0)
    }
}
