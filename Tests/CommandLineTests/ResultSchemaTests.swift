import Foundation
import Report
import SourceText
import TestSupport
import Testing

/// Every JSON that the program prints is as its schema says, and carries how it came about.
@Suite struct ResultSchemaTests {
    private static let folder = SharedMaterial.packageRoot.appendingPathComponent("Documentation/Schemas")

    private static let trace = """
        [ -e schema.trace ] || printf '%s\\n%s\\n' \
        ' a-1 [000] .... 1.0: mm_page_alloc: page=1 pfn=5 order=0 migratetype=1 gfp_flags=GFP_KERNEL' \
        ' a-1 [000] .... 2.0: mm_page_free: page=1 pfn=5 order=0' > schema.trace
        """

    static let recording =
        "'\(SharedMaterial.packageRoot.path)/Tests/RecordingsTests/Fixtures/Recordings/6.1/k61-levels-1node.json.gz'"

    static let cases: [(ResultFormat, String)] = [
        (.machine, "show Config/cxl-tiered.json --fragmentation"),
        (.check, "check Config/laptop.json bad/several.json"),
        (.gfp, "gfp GFP_KERNEL 0xcc0 --list"),
        (.allocation, "alloc Config/two-socket.json GFP_USER --membind 1 --explain"),
        (.allocation, "alloc Config/textbook-buddy.json GFP_KERNEL --order 6 --until-failure --explain"),
        (.explanation, "explain logs/k612-oom-cpuset.log"), (.forecast, "explain --host GFP_KERNEL"),
        (
            .run,
            "run Config/scenarios/gfp-atomic.json5 Config/scenarios/pageblocks/movable.json5 --seed 3 --set vm.swappiness=10"
        ),
        (.comparison, "compare --scenario Config/scenarios/gfp-dma.json5 --interleave all"),
        (
            .variants,
            "compare --scenario Config/scenarios/gfp-dma.json5 --seeds 1-2 --variant a:kernel=6.1"
        ),
        (.sweep, "sweep Config/plans/watermarks.json5 --out none.sweep --status"),
        (.tuning, "tune Config/scenarios/gfp-dma.json5 --find vm.swappiness=10..12"),
        (.headroom, "headroom Config/textbook-buddy.json"),
        (.distribution, "age Config/textbook-buddy.json --blocks 0=50%,2=50% --occupancy 50%"),
        (.recipes, "age Config/textbook-buddy.json --recipe all"),
        (.verification, "verify \(recording)"), (.liveVerification, "verify --live \(recording)"),
        (.replay, "replay schema.trace --reclaim lru"),
        (.replay, "replay schema.trace --lockstep --on Config/laptop.json"),
        (.conversion, "replay schema.trace --convert schema.nzt"), (.ageing, "age Config/laptop.json"),
        (.profiles, "profiles"),
    ]

    private func output(_ command: String) throws -> JSONValue {
        let result = try Session.run("\(Self.trace); numazones \(command) --json 2>/dev/null")
        return try JSONDocument(text: result.output).root
    }

    @Test(arguments: cases.indices)
    func `a result is as its schema says`(_ index: Int) throws {
        let (format, command) = Self.cases[index]
        let schema = JSONSchema(try JSONDocument.load(Self.folder.appendingPathComponent(format.schemaName).path))
        let result = try output(command)
        #expect(schema.problems(result) == [], "\(command)")
        #expect(result["format"]?.string == format.rawValue)
        let origin = try #require(result["origin"])
        #expect(origin["command"]?.array?.compactMap(\.string).joined(separator: " ").hasSuffix("--json") == true)
        for source in origin["sources"]?.array ?? [] {
            let name = source["name"]?.string ?? ""
            guard let digest = source["sha256"]?.string else { continue }
            let sum = try Session.run("\(Self.trace); sha256sum < '\(name)'").output
            #expect(sum.hasPrefix(digest), "\(name)")
        }
    }

    @Test func `there is a schema for every format, and a test`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Set(files) == Set(ResultFormat.allCases.map(\.schemaName)))
        #expect(Set(Self.cases.map(\.0)) == Set(ResultFormat.allCases))
    }

    @Test func `two runs of the same are the same bytes, but for the times`() throws {
        for command in [
            "run Config/scenarios/mixed-load.json5 --json", "replay schema.trace --json",
            "age Config/laptop.json --json",
        ] {
            let result = try Session.run(
                """
                \(Self.trace); for n in 1 2; do numazones \(command) | sed '/"times"/,$d' > same.$n; done; cmp same.1 same.2
                """)
            #expect(result.code == 0, "\(result.output)")
        }
    }
}
