import TestSupport
import Testing

/// `run --watch` on a pseudo-terminal, as script(1) makes one, and without.
@Suite struct WatchTests {
    private static let scenario = """
        printf '{topology: {nodes: [{cpus: "0", memory: "64MiB"}]}, steps: [{about: "the only step", \
        alloc: "GFP_KERNEL", order: 3, count: 2}, {expect: {served: 2}}]}' > watched.json5
        """

    @Test func `zones are drawn over one another in a terminal, and the answer is below`() throws {
        let result = try Session.run(
            "\(Self.scenario); script -qec 'numazones run watched.json5 --watch' /dev/null < /dev/null")
        #expect(result.code == 0, "\(result.output)")
        #expect(result.output.contains("the only step") && result.output.contains("node 0 DMA32"))
        #expect(result.output.ranges(of: /\u{1B}\[\d+A/).count >= 1, "a second picture in place of the first")
        #expect(result.output.contains("Event 2: GFP_KERNEL, order 3, CPU 0: page frame"))
        #expect(result.output.contains("2 served"))
    }

    @Test func `without a terminal it says so, with the exit code 2`() throws {
        let result = try Session.run("\(Self.scenario); numazones run watched.json5 --watch")
        #expect(result.code == 2)
        #expect(result.output.contains("--watch draws in a terminal, and standard output is not one"))
    }
}
