import BuddyEngine
import GFP
import Scenarios
import SourceText
import Testing
import Topology

@testable import Serving

/// What a visitor asks for happens to the machine, can be taken back, compared and taken away as a scenario.
@Suite struct LiveSessionTests {
    /// A seeded mixture of all that can be asked for.
    private func play(_ visitor: Visitor, seed: UInt64, count: Int) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<count {
            let body: (path: String, body: String) =
                switch random.next(below: 8) {
                case 0: ("api/frees", "{\"count\": \(1 + random.next(below: 40))}")
                case 1: ("api/drains", "{}")
                case 2:
                    (
                        "api/settings",
                        "{\"name\": \"vm.min_free_kbytes\", \"value\": \"\(1024 << random.next(below: 4))\"}"
                    )
                case 3: ("api/requests", "{\"mask\": \"GFP_ATOMIC\", \"order\": 3, \"count\": 20, \"cpu\": 1}")
                case 4: ("api/requests", "{\"mask\": \"GFP_KERNEL\", \"policy\": \"--membind 0\", \"count\": 3}")
                case 5:
                    (
                        "api/requests",
                        "{\"mask\": \"GFP_HIGHUSER_MOVABLE\", \"order\": \(random.next(below: 11)), \"count\": 9}"
                    )
                default: ("api/requests", "{\"mask\": \"GFP_KERNEL\", \"count\": \(1 + random.next(below: 100))}")
                }
            let status = try visitor.post(body.path, body.body)
            // Nothing may be held yet: a free then says so.
            #expect(status == 200 || status == 409, "seed \(seed): \(body)")
        }
    }

    @Test func `a request is served, and undo takes it back to the same state`() throws {
        let visitor = try Visitor()
        let before = visitor.state
        #expect(try visitor.post("api/requests", "{\"mask\": \"GFP_KERNEL\", \"order\": 2, \"count\": 50}") == 200)
        let after = visitor.state
        #expect(after != before)
        #expect(try visitor.post("api/frees", "{\"count\": 7}") == 200)
        #expect(try visitor.post("api/undo") == 200)
        #expect(visitor.state == after)
        #expect(try visitor.post("api/undo") == 200)
        #expect(visitor.state == before)
        #expect(try visitor.post("api/undo") == 409)
    }

    @Test(arguments: [1, 2, 3] as [UInt64], [KernelVersion(6, 12), KernelVersion(5, 10)])
    func `what was done is a scenario that plays to the same state`(_ seed: UInt64, _ kernel: KernelVersion) throws {
        let visitor = try Visitor(kernel: kernel)
        try play(visitor, seed: seed, count: 60)
        let text = visitor.session.scenario().text()
        let (scenario, problems) = Scenario.check(try JSONDocument(text: text, name: "saved"))
        #expect(problems.isEmpty, "seed \(seed): \(problems)")
        var keeping = ScenarioKeeping()
        keeping.end = true
        let result = try #require(scenario).run(keeping: keeping)
        #expect(result.passed)
        #expect(result.end?.json.text(pretty: false) == visitor.state, "seed \(seed)")
    }

    @Test func `a session that began in the middle of things takes that state along into its scenario`() throws {
        let visitor = try Visitor()
        try play(visitor, seed: 7, count: 10)
        #expect(try visitor.post("api/machine", visitor.state) == 200)
        #expect(try visitor.post("api/requests", "{\"mask\": \"GFP_KERNEL\", \"count\": 5}") == 200)
        let text = visitor.session.scenario().text()
        let (scenario, problems) = Scenario.check(try JSONDocument(text: text, name: "saved"))
        #expect(problems.isEmpty, "\(problems)")
        var keeping = ScenarioKeeping()
        keeping.end = true
        let result = try #require(scenario).run(keeping: keeping)
        #expect(result.end?.json.text(pretty: false) == visitor.state)
    }

    @Test func `a second machine has had another setting from the start, and the same done to it`() throws {
        let visitor = try Visitor()
        #expect(try visitor.post("api/requests", "{\"mask\": \"GFP_KERNEL\", \"count\": 30}") == 200)
        let before = visitor.state
        #expect(try visitor.post("api/rival", "{\"name\": \"vm.min_free_kbytes\", \"value\": \"8192\"}") == 200)
        #expect(visitor.state == before, "the first machine stays as it is")
        let html = visitor.session.page(isLive: true)
        #expect(html.contains("history-data-2") && html.contains("vm.min_free_kbytes=8192 from the start"))
        #expect(try visitor.post("api/undo") == 200)
        #expect(!visitor.session.page(isLive: true).contains("history-data-2"))
    }

    @Test func `marks move with a sysctl`() throws {
        let visitor = try Visitor()
        func low() throws -> Int? {
            try visitor.ask("GET", "api/state").answer["zones"]?[0]?["watermarks"]?["low"]?.int
        }
        let before = try low()
        #expect(try visitor.post("api/settings", "{\"name\": \"vm.min_free_kbytes\", \"value\": \"16384\"}") == 200)
        #expect(try low() ?? 0 > before ?? .max)
    }

    @Test func `choosing another machine starts over`() throws {
        let visitor = try Visitor()
        try play(visitor, seed: 3, count: 5)
        #expect(try visitor.post("api/choice", "{\"name\": \"small.json\"}") == 200)
        #expect(try visitor.ask("GET", "api/scenario").answer["steps"]?.array?.isEmpty == true)
        #expect(try visitor.post("api/choice", "{\"name\": \"other.json\"}") == 409)
    }

    @Test func `a session is limited, and says so`() throws {
        let visitor = try Visitor()
        for _ in 0..<1000 { #expect(try visitor.post("api/drains") == 200) }
        let (status, answer) = try visitor.ask("POST", "api/drains", "{}")
        #expect(status == 409)
        #expect(answer["problem"]?.string?.contains("1000 operations") == true)
    }

    @Test func `the page that is saved asks nobody`() throws {
        let visitor = try Visitor()
        #expect(visitor.session.page(isLive: true).contains("connect-src"))
        let saved = visitor.session.page(isLive: false)
        #expect(!saved.contains("connect-src") && !saved.contains("fetch(") && !saved.contains("id=\"live\""))
    }
}
