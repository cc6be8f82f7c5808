import Experiments
import Foundation
import SourceText
import TestSupport
import Testing
import Topology

@Suite struct SettingSearchTests {
    @Test func `a range is read in the sysctl's unit`() throws {
        let range = try SettingRange("vm.min_free_kbytes=4M..4G")
        #expect(range == SettingRange(name: "vm.min_free_kbytes", least: 4096, count: 4_194_304 - 4096 + 1))
        let steps = try SettingRange("watermark_scale_factor=10..100/20")
        #expect(steps == SettingRange(name: "vm.watermark_scale_factor", least: 10, step: 20, count: 5))
        for text in [
            "", "vm.swappiness", "vm.swappiness=1", "vm.x=1..2", "vm.swappiness=9..1", "vm.swappiness=1..2/0",
            "vm.swappiness=1M..2M", "vm.min_free_kbytes=-1..2", "vm.min_free_kbytes=1..9E",
        ] {
            #expect(throws: SetupError.self) { try SettingRange(text) }
        }
    }

    @Test(arguments: [1, 2, 16, 17, 18, 100, 5000], [0, 1, 7, 99, 4999, 10_000])
    func `where more is better, the answer is the first of all`(_ count: Int, _ threshold: Int) {
        var search = SettingSearch(SettingRange(name: "vm.swappiness", least: 0, count: count))
        search.search { $0 >= threshold ? [] : ["too little"] }
        #expect(search.smallest == (threshold < count ? threshold : nil))
        #expect(search.isMonotone)
        #expect(search.trials.map(\.value) == search.trials.map(\.value).sorted())
        #expect(search.trials.count <= 17 + 13)
    }

    @Test func `that more is not better is said, and every value tried where that is wanted`() {
        let range = SettingRange(name: "vm.swappiness", least: 0, count: 1000)
        func failures(_ value: Int) -> [String] { value == 3 || (500..<700).contains(value) ? [] : ["no"] }
        var search = SettingSearch(range)
        search.search(failures)
        #expect(search.smallest.map { failures($0).isEmpty } == true)
        #expect(!search.isMonotone && !search.isExhaustive)
        search = SettingSearch(range)
        search.search(triesAll: true, failures)
        #expect(search.smallest == 3 && search.isExhaustive && !search.isMonotone)
    }

    @Test(arguments: [1, 40, 162, 900], [0, 100, 161])
    func `where the least values pass by chance, the value from which on all do is found too`(_ last: Int, _ from: Int)
    {
        // Few fail below, all from a larger one on pass.
        let bound = 2124
        func failures(_ value: Int) -> [String] { value >= from && value <= last || value >= bound ? [] : ["no"] }
        var search = SettingSearch(SettingRange(name: "vm.min_free_kbytes", least: 0, count: 4097))
        search.search(failures)
        #expect(search.steady == bound)
        #expect(search.smallest.map { failures($0).isEmpty } == true)
        #expect(search.isMonotone == (search.smallest == bound))
        #expect(search.trials.count <= 17 + 2 * 9)
    }

    @Test func `where the largest value fails, none is the one from which on all pass`() {
        var search = SettingSearch(SettingRange(name: "vm.min_free_kbytes", least: 0, count: 1001))
        search.search { $0 > 900 ? ["no"] : [] }
        #expect(search.steady == nil && search.smallest == 0 && !search.isMonotone)
    }

    /// How many of the requests are served depends on the sysctl; the scenario says how many it wants.
    private static let cases: [(String, String, String)] = [
        ("vm.min_free_kbytes=512..4096/32", "GFP_ATOMIC", "{ served: { atLeast: 300 } }"),
        ("vm.min_free_kbytes=512..4096/32", "GFP_KERNEL", "{ served: { atMost: 15000 } }"),
        ("vm.min_free_kbytes=256..8192/64", "GFP_KERNEL", "{ served: { atMost: 14500 }, kswapd: [0] }"),
        ("vm.watermark_scale_factor=10..1000/10", "GFP_KERNEL", "{ served: { atMost: 14000 } }"),
        ("vm.watermark_scale_factor=10..1000/10", "GFP_ATOMIC", "{ served: { atLeast: 1 } }"),
    ]

    @Test(arguments: cases.indices)
    func `the search finds what trying every value finds`(_ index: Int) throws {
        let (text, mask, expectation) = Self.cases[index]
        let range = try SettingRange(text)
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("tune-\(UUID().uuidString).json5").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try """
        { topology: { nodes: [{ memory: "64MiB", cpus: "0" }] }, steps: [
          { alloc: "GFP_KERNEL", until: "failure", count: 100000 },
          { alloc: "\(mask)", until: "failure" }, { expect: \(expectation) } ] }
        """.replacing(", count: 100000", with: "").replacing(
            "{ alloc: \"GFP_KERNEL\", until: \"failure\" },",
            with: mask == "GFP_ATOMIC" ? "{ alloc: \"GFP_KERNEL\", until: \"failure\" }," : ""
        ).write(toFile: path, atomically: true, encoding: .utf8)
        let machines = MachineShelf { _ in throw SetupError("no machine is needed") }
        var answers: [Int?] = []
        for triesAll in [false, true] {
            var search = SettingsSearch(Setup(name: "a"), .scenario(path), ranges: [range])
            try search.search(seeds: [], triesAll: triesAll, machines: machines) { _ in true }
            answers.append(search.searches[0].search.smallest)
        }
        #expect(answers[0] == answers[1])
    }

    @Test func `several searches at once find what one after the other finds`() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("tune-\(UUID().uuidString).json5").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try """
        { topology: { nodes: [{ memory: "64MiB", cpus: "0" }] }, steps: [
          { alloc: "GFP_KERNEL", until: "failure" }, { expect: { served: { atMost: 15000 } } } ] }
        """.write(toFile: path, atomically: true, encoding: .utf8)
        let ranges = [
            try SettingRange("vm.min_free_kbytes=512..4096/128"),
            try SettingRange("vm.watermark_scale_factor=10..90/20"),
        ]
        let machines = MachineShelf { _ in throw SetupError("no machine is needed") }
        let plain = SettingsSearch(Setup(name: "a"), .scenario(path), ranges: ranges)
        var one = plain
        try one.search(seeds: [], triesAll: false, machines: machines) { _ in true }
        #expect(one.searches.count == 5)
        for jobs in [1, 3] {
            var several = plain
            try several.search(
                seeds: [], triesAll: false, machines: machines, jobs: jobs, shouldContinue: { true }, report: { _ in })
            #expect(several.searches.map(\.others) == one.searches.map(\.others))
            #expect(several.searches.map(\.search) == one.searches.map(\.search))
        }
        var brokenOff = plain
        #expect(throws: RunInterrupted.self) {
            try brokenOff.search(
                seeds: [], triesAll: false, machines: machines, jobs: 2, shouldContinue: { false }, report: { _ in })
        }
    }
}
