import Testing

/// What comes from outside is shown; it does not act on the terminal.
@Suite struct EscapingSessionTests {
    @Test(arguments: [
        // A title in a name, and colours that are not the program's.
        #"printf '{"name": "\\u001b]0;pwned\\u0007\\u009b31m", "nodes": [{"cpus": "0", "memory": "64MiB"}]}' > e.json; numazones show e.json; numazones check e.json; numazones show e.json --json"#,
        // An unknown key, and a word where a number should be.
        #"printf '{"\\u202egpj": 1, "nodes": [{"cpus": "\\u009b2J", "memory": "\\u007f"}]}' > k.json; numazones check k.json; numazones show k.json"#,
        // A mask and a file name.
        #"numazones gfp "$(printf 'GFP_KERNEL|\033]0;x\007')"; numazones show "$(printf '\033[31mno\302\233file')""#,
        // A log's task.
        #"printf '[ 1.0] \342\200\256gpj\302\2331m\177: page allocation failure: order:0, mode:0xa20(GFP_ATOMIC), nodemask=(null)\n' > t.log; numazones explain t.log; numazones explain t.log --json; numazones explain t.log --svg -; numazones explain t.log --html -"#,
        // A trace's mask.
        #"printf 'a-1 [000] ..... 1.000001: mm_page_alloc: page=0 pfn=0x1000 order=0 migratetype=0 gfp_flags=GFP_KERNEL|\033]0;p\007X\n' > t.trace; numazones replay t.trace; numazones replay t.trace --json"#,
    ])
    func `no character of a text from outside acts on a terminal`(command: String) throws {
        let output = try Session.run("rm -rf esc; mkdir esc; cd esc; " + command).output
        #expect(!output.isEmpty)
        for scalar in output.unicodeScalars where scalar != "\n" {
            let category = scalar.properties.generalCategory
            #expect(
                category != .control && category != .format && !scalar.properties.isNoncharacterCodePoint,
                "U+\(String(scalar.value, radix: 16)) in \(output)")
        }
    }
}
