import Foundation
import SourceText
import TestSupport
import Testing
import Topology

@testable import Simulation

/// The shipped scenarios come true, and a wrong expectation is told of.
@Suite struct ScenarioTests {
    static let folder = SharedMaterial.packageRoot.appendingPathComponent("Config/scenarios")
    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".json5") }.sorted()

    @Test(arguments: names)
    func `a shipped scenario comes true, twice alike`(name: String) throws {
        let path = Self.folder.appendingPathComponent(name).path
        let scenario = try Scenario.load(path)
        #expect(scenario.name + ".json5" == name)
        #expect(!scenario.about.isEmpty)
        let result = try scenario.run()
        #expect(result.failures.map(\.description) == [])
        #expect(result.stopped == nil)
        #expect(result.checks > 3)
        #expect(try scenario.run() == result)
    }
}
