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
        #expect(result.output.contains("broken off here"), "\(result.output)")
    }

    @Test func `run over many rounds`() throws {
        let result = try interrupt("run Config/scenarios/pressure-load.json5 --rounds 100000")
        #expect(result.code == 130, "\(result.output)")
        #expect(result.output.contains("broken off after"), "\(result.output)")
    }

    @Test func `age`() throws {
        let result = try interrupt(
            "age Config/huge-64-node-64tib.json --occupancy 99.9% --unusable-index 0.5 --out broken-off.json",
            prepared: "rm -f broken-off.json")
        #expect(result.code == 130, "\(result.output)")
        #expect(result.output.contains("Broken off"), "\(result.output)")
        #expect(try Session.run("[ ! -e broken-off.json ]").code == 0)
    }

    @Test func `compare`() throws {
        let result = try interrupt(
            "compare --scenario long.json5 --set vm.min_free_kbytes=65536",
            prepared: """
                printf '{topology: "Config/two-socket.json", limit: 1000000000, steps: [{repeat: 1000000, steps: [\
                {alloc: "GFP_KERNEL", count: 1000}, {free: "all"}]}]}' > long.json5
                """)
        #expect(result.code == 130, "\(result.output)")
        #expect(result.output.contains("nothing to compare yet"), "\(result.output)")
    }
}
