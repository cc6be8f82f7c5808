import Foundation
import TestSupport
import Testing

/// Every verb with every absurd input: an exit code, one sentence, bounded memory and work, and nothing changed on disk.
///
/// The bounds are the kernel's (`ulimit`): memory and processor time, not the clock.
@Suite(.serialized) struct AbsurdInputTests {
    /// A verb, with INPUT where its input goes.
    static let verbs = [
        "show INPUT", "check INPUT", "alloc INPUT GFP_KERNEL", "explain INPUT", "run INPUT",
        "run Config/scenarios/gfp-dma.json5 --from INPUT", "compare --scenario INPUT --set vm.swappiness=1",
        "compare INPUT Config/laptop.json --scenario Config/scenarios/gfp-dma.json5", "verify INPUT", "replay INPUT",
        "replay good.trace --on INPUT", "replay INPUT --convert converted", "age INPUT", "show --root INPUT",
        "explain --root INPUT GFP_KERNEL", "gfp INPUT", "export INPUT --to json", "export INPUT --to qemu",
        "export Config/laptop.json + INPUT --to numactl", "headroom INPUT --only-now", "sweep INPUT --out swept",
        "tune INPUT --find vm.min_free_kbytes=4M..8M",
        "tune Config/scenarios/gfp-dma.json5 --on INPUT --find vm.min_free_kbytes=4M..8M",
        "age Config/textbook-buddy.json --like INPUT", "replay good.trace --checkpoint INPUT", "profiles INPUT",
        "show Config/laptop.json --profile INPUT",
    ]

    /// How an input is made, in a directory of its own. What takes gigabytes in life is smaller here, and goes the same way.
    static let inputs: KeyValuePairs = [
        "empty": "> empty",
        "binary": "head -c 300000 /dev/urandom > binary",
        "directory": "mkdir directory",
        "deep": "awk 'BEGIN { for (i = 0; i < 100000; i++) printf \"[\" }' > deep",
        "deep-objects": "awk 'BEGIN { for (i = 0; i < 100000; i++) printf \"{\\\"a\\\":\" }' > deep-objects",
        "keys":
            "awk 'BEGIN { printf \"{\"; for (i = 0; i < 10000; i++) printf \"\\\"k%d\\\":0,\", i; print \"\\\"z\\\":0}\" }' > keys",
        "zeros.gz": "head -c 60000000 /dev/zero | gzip -9 > zeros.gz",
        "cut.gz": "head -c 100000 /dev/urandom | gzip | head -c 50000 > cut.gz",
        "nested.gz": "printf hello | gzip | gzip > nested.gz",
        "two-to-the-63": "printf '{\"nodes\":[{\"cpus\":1,\"memory\":9223372036854775808}]}' > two-to-the-63",
        "minus-one": "printf '{\"nodes\":[{\"cpus\":-1,\"memory\":-1}]}' > minus-one",
        "not-a-number": "printf '{\"nodes\":[{\"cpus\":NaN,\"memory\":Infinity}]}' > not-a-number",
        "duplicate": "printf '{\"nodes\":[{\"cpus\":1,\"memory\":\"1GiB\"}],\"nodes\":[]}' > duplicate",
        "long-line": "head -c 3000000 /dev/zero | tr '\\\\0' a > long-line",
        "loop": "ln -s loop loop",
    ]

    /// What a verb said, and how it ended.
    private struct Ending {
        var output: String
        var code: Int32
    }

    /// Runs commands in an empty directory of their own, within bounds, and says what they left there.
    private func bounded(_ preparation: String, _ command: String) throws -> (result: Ending, changes: String) {
        let result = try Session.run(
            """
            base=$PWD; rm -rf absurd; mkdir absurd && cd absurd && ln -s "$base/Config" Config
            printf '%s\\n' ' a-1 [000] .... 1.0: mm_page_alloc: page=1 pfn=5 order=0 migratetype=1 gfp_flags=GFP_KERNEL' > good.trace
            \(preparation)
            list() { find . -type f -exec cksum {} + 2>/dev/null | sort -k 3; find . ! -type f | sort; }
            list > ../before
            bounded() { (ulimit -v 8000000; ulimit -t 100; exec '\(Session.binaries.path)/numazones' "$@"); }
            \(command); code=$?
            list > ../after; cmp -s ../before ../after || diff ../before ../after | sed 's/^/CHANGED /'
            chmod -R u+w .; cd ..; exit $code
            """)
        let lines = result.output.split(separator: "\n").map(String.init)
        let changes = lines.filter { $0.hasPrefix("CHANGED ") }.joined(separator: "\n")
        let output = lines.filter { !$0.hasPrefix("CHANGED ") }.joined(separator: "\n")
        return (Ending(output: output, code: result.code), changes)
    }

    private func holdsUp(_ result: Ending, _ changes: String, _ what: String) {
        #expect([0, 1, 2].contains(result.code), "\(what): \(result.code) \(result.output.suffix(300))")
        #expect(changes.isEmpty, "\(what): \(changes)")
        guard result.code == 2 else { return }
        #expect(
            !result.output.isEmpty && !result.output.contains("Fatal error"), "\(what): \(result.output.suffix(300))")
        // A sentence, not a page: a list of problems ends with how many there are.
        #expect(result.output.split(separator: "\n").count <= 120, "\(what)")
    }

    @Test(arguments: verbs)
    func `a verb holds up against every input`(_ verb: String) throws {
        for (name, make) in Self.inputs {
            let command = "bounded \(verb.replacing("INPUT", with: name)) < /dev/null"
            let (result, changes) = try bounded(make, command)
            holdsUp(result, changes, "\(verb) with \(name)")
            // None of these is anything that a verb could work with, but for an expression or a look at a directory.
            if verb != "gfp INPUT" { #expect(result.code == 2, "\(verb) with \(name): \(result.output.prefix(200))") }
        }
    }

    @Test(arguments: verbs.filter { !$0.hasPrefix("gfp") && !$0.contains("--root") })
    func `a verb holds up against devices, pipes and what cannot be read`(_ verb: String) throws {
        for path in ["/dev/null", "/dev/zero", "/proc/self/mem", "/proc/self/fd", "nowhere/at/all"] {
            let (result, changes) = try bounded(":", "bounded \(verb.replacing("INPUT", with: path)) < /dev/null")
            holdsUp(result, changes, "\(verb) with \(path)")
            #expect(result.code == 2, "\(verb) with \(path): \(result.output.prefix(200))")
        }
        // Whoever writes into a pipe waits until it is read, and a verb may refuse it unread.
        let (result, changes) = try bounded(
            "mkfifo fifo",
            """
            (exec > /dev/null 2>&1; printf '' > fifo) & writer=$!
            bounded \(verb.replacing("INPUT", with: "fifo")) < /dev/null
            ended=$?; kill $writer 2> /dev/null; (exit $ended)
            """)
        holdsUp(result, changes, "\(verb) with a pipe")
        #expect(result.code == 2)
    }

    static let working = [
        "show Config/laptop.json", "check Config/laptop.json", "gfp GFP_KERNEL", "alloc Config/laptop.json GFP_KERNEL",
        "run Config/scenarios/gfp-dma.json5", "compare --scenario Config/scenarios/gfp-dma.json5 --set vm.swappiness=1",
        "replay good.trace", "age Config/textbook-buddy.json --order 3", "profiles", "completions bash", "--help",
    ]

    @Test(arguments: working)
    func `a verb whose output goes nowhere says so, or ends quietly`(_ verb: String) throws {
        let full = try bounded(":", "bounded \(verb) > /dev/full")
        #expect(full.result.code == 2, "\(verb)")
        #expect(
            full.result.output == "numazones: cannot write to standard output: No space left on device",
            "\(verb): \(full.result.output)")
        let closed = try bounded(":", "bounded \(verb) >&-")
        #expect(
            closed.result.code == 2 && closed.result.output.contains("Bad file descriptor"),
            "\(verb): \(closed.result.output)")
        let reader = try bounded(":", "bounded \(verb) | head -n 0; true")
        #expect(reader.result.output.isEmpty, "\(verb): \(reader.result.output)")
        #expect(full.changes.isEmpty && closed.changes.isEmpty && reader.changes.isEmpty)
    }

    @Test func `killed in the middle of writing, a file is the old one or the new one, whole`() throws {
        // Killed after ever more of the work: before, while and after the file is written.
        let result = try Session.run(
            """
            rm -rf killed; mkdir killed && cd killed
            env numazones age ../Config/textbook-buddy.json --order 3 --seed 1 --out out.json > /dev/null && cp out.json old
            env numazones age ../Config/textbook-buddy.json --order 3 --seed 2 --out new > /dev/null
            for delay in 0 1 2 3 4 5 6 7 8 9 10 11; do
              env numazones age ../Config/textbook-buddy.json --order 3 --seed 2 --out out.json > /dev/null 2>&1 & program=$!
              loop=0; while [ $loop -lt $((delay * 4000)) ]; do loop=$((loop + 1)); done
              kill -KILL $program 2> /dev/null; wait $program 2> /dev/null
              cmp -s out.json old || cmp -s out.json new || echo "damaged after $delay"
            done; echo checked
            """)
        #expect(
            result.output.split(separator: "\n").last == "checked" && !result.output.contains("damaged"),
            "\(result.output)")
    }

    @Test func `a full disk leaves the file as it was`() throws {
        // A limit on file sizes stands in for a full disk: writing fails in the middle.
        let result = try Session.run(
            """
            rm -rf fullness; mkdir fullness && cd fullness && echo old > out.json
            (trap '' XFSZ; ulimit -f 1; env numazones age ../Config/laptop.json --out out.json) > /dev/null 2> err; echo code $?
            cat out.json; cat err; ls
            """)
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "code 2" && lines.dropFirst().first == "old", "\(result.output)")
        #expect(Set(lines.suffix(2)) == ["err", "out.json"], "nothing half-written is left: \(result.output)")
    }
}
