import Foundation
import SourceText
import TestSupport
import Testing

/// Scenarios as tests in other people's CI.
@Suite struct SuiteTests {
    /// One scenario whose expectations are met, one whose are not and has a step of other kernels, one that is none.
    private static let files = """
        mkdir -p suite
        printf '{name: "good", topology: "../Config/laptop.json", steps: [{alloc: "GFP_KERNEL"}, {expect: {served: 1}}]}' \
        > suite/good.json5
        printf '{name: "b<a>d & #1", topology: "../Config/laptop.json", steps: [{alloc: "GFP_KERNEL"}, {expect: {served: 2}}, \
        {about: "new", since: "99.0", expect: {served: 9}}]}' > suite/bad.json5
        printf 'no scenario' > suite/none.json5
        """

    @Test func `several scenarios and folders are played in one run`() throws {
        let result = try Session.run("\(Self.files); numazones run suite/good.json5 Config/scenarios/gfp-dma.json5")
        #expect(result.code == 0, "\(result.output)")
        #expect(result.output.contains("2 of 2 scenarios as expected"))
        let folder = try Session.run("\(Self.files); numazones run suite")
        #expect(folder.code == 2)
        #expect(folder.output.contains("1 of 3 scenarios as expected"), "\(folder.output)")
        #expect(try Session.run("mkdir -p void; numazones run void").code == 2)
    }

    @Test func `a step of other kernels is passed over`() throws {
        let result = try Session.run("\(Self.files); numazones run suite/bad.json5")
        #expect(result.code == 1 && result.output.contains("of other kernels"), "\(result.output)")
    }

    @Test func `JUnit's XML is well-formed, and says what failed, was skipped and could not be read`() throws {
        let result = try Session.run(
            "\(Self.files); numazones run suite --junit junit.xml > /dev/null 2>&1; cat junit.xml")
        let parser = XMLCounter()
        #expect(parser.parse(result.output), "\(result.output)")
        #expect(parser.counts["testsuite"] == 3 && parser.counts["testcase"] == 4)
        #expect(parser.counts["failure"] == 2 && parser.counts["skipped"] == 1)
    }

    @Test func `KTAP has a subtest for each scenario`() throws {
        let result = try Session.run("\(Self.files); numazones run suite/good.json5 suite/bad.json5 --tap")
        #expect(result.code == 1)
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "KTAP version 1" && lines.dropFirst().first == "1..2")
        #expect(lines.contains { $0.hasPrefix("ok 1 good") } && lines.contains { $0.hasPrefix("not ok 2 b<a>d & _1") })
        #expect(lines.contains { $0.hasPrefix("  not ok 1 steps[1]") })
        #expect(lines.contains { $0.hasPrefix("  ok 2 steps[2] new # SKIP") }, "\(result.output)")
    }

    @Test func `prove reads it`() throws {
        let result = try Session.run(
            """
            command -v prove > /dev/null || { echo no prove; exit 0; }
            \(Self.files); numazones run suite/good.json5 Config/scenarios/gfp-dma.json5 --tap > good.tap
            prove -e cat good.tap
            """)
        #expect(
            result.code == 0 && (result.output.contains("PASS") || result.output.contains("no prove")),
            "\(result.output)")
    }

    @Test func `a table of the steps for plots`() throws {
        let result = try Session.run("\(Self.files); numazones run suite/good.json5 --csv")
        #expect(
            result.output == """
                file,scenario,rules,seed,step,title,served,refused,pages,fallbacks,reclaims
                suite/good.json5,good,6.12,1,steps[0],alloc GFP_KERNEL by CPU 0,1,0,1,1,0

                """)
    }

    @Test func `the facts about kernels hold by the rules of every kernel known`() throws {
        let result = try Session.run("numazones run Config/scenarios/kernel-facts --every-kernel")
        #expect(result.code == 0, "\(result.output)")
        let folder = SharedMaterial.packageRoot.appendingPathComponent("Config/scenarios/kernel-facts")
        var facts = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let root = try JSONDocument.load(folder.appendingPathComponent(name).path).root
            for step in root["steps"]?.array ?? [] where step["expect"] != nil {
                facts += 1
                #expect(step["about"]?.string?.contains("(") == true, "a fact names its source: \(name)")
            }
        }
        #expect(facts >= 60)
    }
}

/// Counts elements, and refuses what is not well-formed.
private final class XMLCounter {
    var counts: [String: Int] = [:]

    /// A small reader is enough for XML that we write: tags balance, and attributes have no bare `<` or `&`.
    func parse(_ text: String) -> Bool {
        var open: [String] = []
        var rest = text[...]
        while let start = rest.firstIndex(of: "<") {
            guard let end = rest[start...].firstIndex(of: ">") else { return false }
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("?") { continue }
            let name = String(tag.drop { $0 == "/" }.prefix { $0.isLetter })
            if tag.hasPrefix("/") {
                guard open.popLast() == name else { return false }
                continue
            }
            let entities = tag.components(separatedBy: "&").dropFirst()
            guard
                entities.allSatisfy({ part in ["amp;", "lt;", "gt;", "quot;", "#10;"].contains { part.hasPrefix($0) } })
            else { return false }
            counts[name, default: 0] += 1
            if !tag.hasSuffix("/") { open.append(name) }
        }
        return open.isEmpty
    }
}
