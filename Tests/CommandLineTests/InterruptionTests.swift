import Foundation
import TestSupport
import Testing

/// Ctrl-C says what is known so far, and exits with 130.
@Suite struct InterruptionTests {
    /// Starts a verb, waits until it has begun to work (its progress line), and interrupts it.
    private func interrupt(_ command: String, prepared preparation: String = ":") throws -> Session.Result {
        try Session.run(
            """
            \(preparation)
            env numazones \(command) > out 2> err & program=$!
            # Before it is the program it is the shell, which catches signals of its own.
            while kill -0 $program 2>/dev/null && ! { grep -q numazones /proc/$program/comm &&
                grep -q SigCgt:.*[2367abef]$ /proc/$program/status; }; do sleep 0.05; done
            kill -INT $program; wait $program; code=$?; cat out err; exit $code
            """)
    }

    @Test func `alloc until failure`() throws {
        let result = try interrupt("alloc Config/huge-64-node-64tib.json GFP_KERNEL --until-failure")
        #expect(result.code == 130, "\(result.output)")
        #expect(result.output.contains("interrupted here"), "\(result.output)")
    }

    @Test func `run over many rounds`() throws {
        let result = try interrupt("run Config/scenarios/pressure-load.json5 --rounds 100000")
        #expect(result.code == 130, "\(result.output)")
        #expect(result.output.contains("interrupted after"), "\(result.output)")
    }

    @Test func `age`() throws {
        let result = try interrupt(
            "age Config/huge-64-node-64tib.json --occupancy 99.9% --unusable-index 0.5 --out broken-off.json",
            prepared: "rm -f broken-off.json")
        #expect(result.code == 130, "\(result.output)")
        #expect(result.output.contains("Interrupted"), "\(result.output)")
        #expect(try Session.run("[ ! -e broken-off.json ]").code == 0)
    }

    /// A scenario that would be played for hours.
    private static let long = """
        printf '{topology: "Config/two-socket.json", limit: 1000000000, steps: [{repeat: 1000000, steps: [\
        {alloc: "GFP_KERNEL", count: 1000}, {free: "all"}]}]}' > long.json5
        """

    @Test func `sweep`() throws {
        let result = try interrupt(
            "sweep broken-off.plan.json5 --out broken-off.sweep",
            prepared: """
                \(Self.long); rm -rf broken-off.sweep
                printf '{axes: {scenario: ["long.json5"], seed: "1-4"}, measures: ["served"]}' > broken-off.plan.json5
                """)
        #expect(result.code == 130, "\(result.output)")
        #expect(result.output.contains("interrupted: 0 of 4 cells have a result"), "\(result.output)")
    }

    @Test func `tune`() throws {
        let result = try interrupt("tune long.json5 --find vm.min_free_kbytes=4M..4G", prepared: Self.long)
        #expect(result.code == 130, "\(result.output)")
        #expect(result.output.contains("Interrupted after"), "\(result.output)")
    }

    @Test func `headroom`() throws {
        let result = try interrupt("headroom Config/huge-64-node-64tib.json")
        #expect(result.code == 130, "\(result.output)")
        #expect(result.output.contains("Interrupted"), "\(result.output)")
    }

    @Test(.enabled(if: FileManager.default.isReadableFile(atPath: "/proc/zoneinfo")))
    func `headroom of the running machine, again and again`() throws {
        let result = try interrupt("headroom --host --only-now --every 1h")
        #expect(result.code == 130, "\(result.output)")
        #expect(result.output.contains("how many more requests would be served"), "\(result.output)")
    }

    @Test func `verify`() throws {
        let fixture = "Tests/RecordingsTests/Fixtures/Recordings/6.1/k61-levels-1node.json.gz"
        let result = try interrupt(
            "verify many --jobs 1",
            prepared: "mkdir -p many; for n in $(seq 400); do ln -sf ../\(fixture) many/$n.json.gz; done")
        #expect(result.code == 130, "\(result.output)")
        #expect(result.output.contains("interrupted with"), "\(result.output)")
    }

    @Test func `replay`() throws {
        let result = try interrupt(
            "replay endless.trace",
            prepared: """
                rm -f endless.trace; mkfifo endless.trace
                awk 'BEGIN {
                    for (n = 1;; n++) printf " a-1 [000] .... %d.0: mm_page_alloc: page=1 pfn=%d order=0 \
                migratetype=1 gfp_flags=GFP_KERNEL\\n", n, n
                }' > endless.trace 2> /dev/null &
                """)
        #expect(result.code == 130, "\(result.output)")
        #expect(result.output.contains("the trace was not read to its end"), "\(result.output)")
    }

    @Test func `compare`() throws {
        let result = try interrupt(
            "compare --scenario long.json5 --set vm.min_free_kbytes=65536", prepared: Self.long)
        #expect(result.code == 130, "\(result.output)")
        #expect(result.output.contains("nothing to compare yet"), "\(result.output)")
    }
}
