import BuddyEngine
import Foundation
import GFP
import TestSupport
import Testing
import Topology

import PageAllocator

// The example of Documentation/ReclaimHooks.md, word for word.
// BEGIN EXAMPLE
/// A cache that gives back its oldest pages, as many as are asked for.
final class Cache: ReclaimHook {
    var pages: [PageFrame] = []

    func reclaim(_ call: ReclaimCall, in machine: inout Machine) -> Int {
        let oldest = pages.prefix(call.target)
        pages.removeFirst(oldest.count)
        for page in oldest { machine.free(page, order: 0) }
        return oldest.count
    }
}
// END EXAMPLE

@Suite struct ReclaimHookExampleTests {
    @Test func `the documented hook keeps a full machine going`() throws {
        var machine = try Machine(PressureMachine.topology())
        let cache = Cache()
        while let page = machine.allocate(AllocationRequest(.GFP_HIGHUSER_MOVABLE)) { cache.pages.append(page) }
        machine.reclaimHook = cache
        for _ in 0..<1000 {
            let page = machine.allocate(AllocationRequest(.GFP_HIGHUSER_MOVABLE))
            cache.pages.append(try #require(page))
        }
        #expect(machine.counters.kswapdRounds > 0)
        cache.pages.removeAll()
        while machine.allocate(AllocationRequest(.GFP_KERNEL)) != nil {}
        try machine.checkInvariants()
    }

    @Test func `the documentation has this very code`() throws {
        let page = SharedMaterial.packageRoot.appendingPathComponent("Documentation/ReclaimHooks.md")
        let source = try String(contentsOf: URL(fileURLWithPath: #filePath), encoding: .utf8)
        let begin = try #require(source.range(of: "// BEGIN EXAMPLE\n"))
        let end = try #require(source.range(of: "// END EXAMPLE\n"))
        let example = String(source[begin.upperBound..<end.lowerBound])
        #expect(try String(contentsOf: page, encoding: .utf8).contains("```swift\n" + example + "```"))
    }
}
