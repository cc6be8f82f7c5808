import Foundation
import SourceText
import TestSupport
import Testing

@Suite struct ReplaySessionTests {
    /// Requests and frees, and many events that only say how pages move: they take time, but are not replayed.
    static let makeTrace = """
        rm -f check whole part; awk 'BEGIN { for (i = 0; i < 60000; i++) {
          what = i >= 4000 ? "free_batched" : i % 2 ? "free" : "alloc"
          tail = what == "alloc" ? " migratetype=1 gfp_flags=GFP_KERNEL" : ""
          printf "a-%d [00%d] .... %d.000000: mm_page_%s: page=1 pfn=%d order=%d%s\\n", \
            i % 9, i % 2, i, what, int(i / 2) * 8, int(i / 2) % 4, tail
        } }' > long
        """

    @Test func `interrupted, a replay prints what is known and exits with 130; the same command continues`() throws {
        // Not the shell's function: the signal is for the program itself.
        let result = try Session.run(
            Self.makeTrace + """
                ; env numazones replay long --json > whole; echo whole $?
                env numazones replay long --checkpoint check --json > part & program=$!
                while [ ! -e check ]; do sleep 0.02; done
                kill -INT $program; wait $program; echo part $?
                grep '"complete"' part
                env numazones replay long --checkpoint check --json > part; echo rest $?
                for name in whole part; do sed '/"command"/,/]/d; /"times"/d' $name > $name.same; done
                cmp whole.same part.same && [ ! -e check ] && echo equal
                """)
        #expect(result.code == 0, "\(result.output)")
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.contains("whole 0") && lines.contains("part 130") && lines.contains("rest 0"), "\(lines)")
        #expect(lines.contains("  \"complete\": false,"), "\(lines)")
        #expect(lines.contains("numazones: saved in check; the same command continues from there"), "\(lines)")
        #expect(lines.contains { $0.hasPrefix("numazones: continuing from check, after ") }, "\(lines)")
        #expect(lines.last == "equal", "\(lines)")
    }

    @Test(arguments: [
        ("replay none.txt", "none.txt: there is no such file"),
        (
            "replay - --checkpoint check < /dev/null",
            "standard input: cannot be resumed later, because it is not a regular file"
        ),
        (
            "replay long --checkpoint long",
            "long: byte 0: is not a checkpoint of this program: its first eight bytes are different"
        ),
        (
            "replay trace.dat",
            "trace.dat: is trace-cmd's binary file; run: trace-cmd report trace.dat | numazones replay -"
        ),
        (
            "replay perf.data.gz",
            "perf.data.gz: is perf's binary file; unpack it and run: perf script -i perf.data | numazones replay -"
        ),
        ("replay long --checkpoint no/where", "no/where: cannot be written: No such file or directory"),
        (
            "age Config/huge-64-node-64tib.json",
            "Config/huge-64-node-64tib.json: at 80% in use, --unusable-index 50% breaks 6553 GiB into small pieces; 256 GiB "
                + "are the most. Ask for a higher --occupancy or a lower --unusable-index"
        ),
    ])
    func `what cannot be done is said in one sentence`(command: String, sentence: String) throws {
        let folder = "refusals-\(abs(command.hashValue))"
        let result = try Session.run(
            """
            mkdir \(folder); cd \(folder); ln -s ../Config Config; echo 'a-1 [000] .... 1.0: nothing' > long
            printf '\\027\\010\\104tracing6' > trace.dat; printf 'PERFILE2and more' | gzip > perf.data.gz
            numazones \(command)
            """)
        #expect(result.output == "numazones: \(sentence)\n")
        #expect(result.code == 2)
    }

    @Test func `an aged machine can be shown, asked and replayed on`() throws {
        let result = try Session.run(
            """
            echo '{"name": "small", "kernel": "6.12", "nodes": [{"cpus": 2, "memory": "512MiB"}]}' > small.json
            numazones age small.json --occupancy 90% --unusable-index 0.8 --seed 3 --out aged.json
            numazones alloc aged.json GFP_KERNEL --order 2 | tail -n 1
            echo 'a-1 [000] .... 1.0: mm_page_alloc: page=1 pfn=5 order=0 migratetype=0 gfp_flags=GFP_KERNEL' > one
            numazones replay one --on aged.json --json | grep '"served"'
            numazones age small.json --occupancy 90% --unusable-index 0.8 --seed 3 --out again.json > /dev/null
            cmp aged.json again.json && echo same
            """)
        #expect(result.code == 0, "\(result.output)")
        #expect(result.output.contains("90.00 %"))
        #expect(result.output.contains("\"served\": 1,") && result.output.hasSuffix("same\n"), "\(result.output)")
    }
}
