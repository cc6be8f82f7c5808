import Foundation
import TestSupport
import Testing

/// What the program says where it once said something wrong, or nothing.
@Suite struct WordsTests {
    @Test func `help of a verb that there is not is a mistake`() throws {
        let result = try Session.run("numazones help shwo")
        #expect(result.code == 2)
        #expect(result.output.contains("there is no verb \"shwo\", did you mean \"show\"?"))
        #expect(try Session.run("numazones help show").code == 0)
    }

    @Test func `a percentage without its sign is told how to be written`() throws {
        let result = try Session.run("numazones age Config/laptop.json --occupancy 97")
        #expect(result.code == 2)
        #expect(result.output.contains("write 97% for a percentage"), "\(result.output)")
    }

    @Test func `reports are counted from 1, whatever number is given`() throws {
        for verb in [
            "show bad/prose.txt", "alloc bad/prose.txt GFP_KERNEL", "age bad/prose.txt", "explain bad/prose.txt",
        ] {
            for nth in ["0", "-1", "-9223372036854775808"] {
                let result = try Session.run("numazones \(verb) --nth=\(nth)")
                #expect(result.code == 2)
                #expect(result.output.contains("--nth \(nth): reports are counted from 1"), "\(result.output)")
            }
        }
    }

    @Test func `whose rules stand in for a kernel that no profile is of is said by every verb`() throws {
        let newer = "rules of 7.3; 7.6 is not known"
        let between = "rules of 5.10, the nearest older ones known"
        for verb in [
            "show Config/laptop.json", "alloc Config/laptop.json GFP_KERNEL", "age Config/textbook-buddy.json",
        ] {
            #expect(try Session.run("numazones \(verb) --kernel 7.6").output.contains(newer), "\(verb)")
            #expect(try Session.run("numazones \(verb) --kernel 5.15").output.contains(between), "\(verb)")
            #expect(try !Session.run("numazones \(verb) --kernel 6.12").output.contains("rules of"), "\(verb)")
        }
    }

    @Test func `a kernel with changed rules may be named where a profile's file may`() throws {
        let changed = try Session.run("numazones show Config/laptop.json --profile 6.12+highAtomicDivisor=50")
        #expect(changed.code == 0 && changed.output.contains("highAtomicDivisor"), "\(changed.output)")
        let wrong = try Session.run("numazones show Config/laptop.json --profile 6.12+highAtomicDivisr=50")
        #expect(wrong.code == 2 && wrong.output.contains("did you mean \"highAtomicDivisor\""), "\(wrong.output)")
        let missing = try Session.run("numazones show Config/laptop.json --profile 6.12.json")
        #expect(missing.code == 2 && missing.output.contains("there is no such file"), "\(missing.output)")
    }

    @Test func `the general help has every verb among its examples`() throws {
        let help = try Session.run("numazones --help").output
        for verb in [
            "show", "check", "gfp", "alloc", "explain", "run", "compare", "sweep", "replay", "age", "profiles",
        ] {
            #expect(help.contains("numazones \(verb)"), "\(verb)")
        }
        #expect(help.contains("Scripts/manual"))
        #expect(try Session.run("numazones show --help").output.contains("or vmstat"))
    }

    @Test func `colour goes where it is asked for`() throws {
        func isColored(_ options: String, _ environment: [String: String] = [:]) throws -> Bool {
            try Session.run("numazones show Config/laptop.json \(options)", environment: environment).output
                .contains("\u{1B}[")
        }
        #expect(try !isColored(""))
        #expect(try isColored("--color always"))
        #expect(try isColored("", ["CLICOLOR_FORCE": "1"]))
        #expect(try isColored("", ["FORCE_COLOR": "1"]))
        #expect(try !isColored("", ["FORCE_COLOR": "1", "NO_COLOR": "1"]))
        #expect(try !isColored("--color never", ["FORCE_COLOR": "1"]))
        #expect(try isColored("--color always", ["NO_COLOR": "1"]))
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `a shell completes masks, sysctls, kernels and what help is of`(_ shell: String) throws {
        let script = try Session.run("numazones completions \(shell)").output
        #expect(script.contains("GFP_KERNEL") && script.contains("vm.min_free_kbytes") && script.contains("6.12"))
        let help = script.components(separatedBy: "_numazones_help() {").last ?? ""
        switch shell {
        case "bash": #expect(help.contains("show\\ncheck\\n"))
        case "zsh": #expect(help.contains("'*:subcommands:(show check "))
        default: #expect(script.contains("\"numazones help\" -eq 1' -fa 'show check "))
        }
    }

    @Test func `bash completes a mask of alloc, and the verb that help is of`() throws {
        let result = try Session.run(
            """
            numazones completions bash > complete.bash
            cat > asks.bash <<'END'
            shopt -s extglob; . ./complete.bash
            ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMPREPLY=(); \
            _numazones numazones "${COMP_WORDS[$COMP_CWORD]}" "${COMP_WORDS[$((COMP_CWORD - 1))]}"; echo "${COMPREPLY[@]}"; }
            ask numazones help sh
            ask numazones alloc Config/laptop.json GFP_HIGHUSER_
            END
            bash asks.bash
            """)
        #expect(result.output == "show\nGFP_HIGHUSER_MOVABLE\n", "\(result.output)")
    }

    @Test func `check of a folder of descriptions says what to write`() throws {
        let result = try Session.run("numazones check Config/")
        #expect(result.code == 2)
        #expect(result.output.contains("write numazones check Config/*.json\n"), "\(result.output)")
        let empty = try Session.run("mkdir -p nothing; numazones check nothing")
        #expect(empty.code == 2 && empty.output.contains("no machine in it"), "\(empty.output)")
    }

    @Test func `alloc says about each of its words what it is`() throws {
        let help = try Session.run("numazones alloc --help").output
        #expect(help.contains("<source>") && help.contains("<mask>") && !help.contains("<source> <mask>   "), "\(help)")
        let blanks = try Session.run("numazones alloc --host GFP_KERNEL __GFP_ZERO")
        #expect(blanks.code == 2 && blanks.output.contains("\"__GFP_ZERO\" is one argument too many"))
    }

    @Test func `a scenario that reaches its limit says so, not that expectations failed`() throws {
        let result = try Session.run(
            """
            printf '{topology: "Config/laptop.json", limit: 5, steps: [{alloc: "GFP_KERNEL", count: 100}]}' > limit.json5
            numazones run limit.json5
            """)
        #expect(result.code == 1)
        #expect(result.output.hasSuffix("not played to its end\n"), "\(result.output)")
        #expect(!result.output.contains("0 of 0"))
    }

    @Test func `compare plays the machines that it is given, also where only their kernels or sysctls differ`() throws {
        let result = try Session.run(
            """
            sed 's/"kernel": *"6.12"/"kernel": "6.1"/' Config/two-socket.json > a61.json
            grep -q '"kernel": "6.1"' a61.json || sed '0,/{/s//{ "kernel": "6.1",/' Config/two-socket.json > a61.json
            numazones compare a61.json Config/two-socket.json --scenario Config/scenarios/mixed-load.json5
            """)
        #expect(result.code == 0, "\(result.output)")
        #expect(result.output.contains("A: a61.json, rules of 6.1\n"), "\(result.output)")
        #expect(result.output.contains("B: Config/two-socket.json, rules of 6.12\n"))
    }

    @Test func `a request that loses its node mask says so, and the kernel's line has the mask that is left`() throws {
        let result = try Session.run(
            "numazones alloc Config/eight-node.json GFP_ATOMIC --nodes 2 --order 10 --until-failure --explain")
        #expect(result.output.contains("the node mask being"), "\(result.output)")
        #expect(result.output.contains("nodemask=(null)"))
        #expect(!result.output.contains("nodemask=2\n"))
        let kept = try Session.run(
            "numazones alloc Config/eight-node.json GFP_KERNEL --nodes 2 --order 10 --until-failure")
        #expect(kept.output.contains("nodemask=2\n"), "\(kept.output)")
    }

    @Test func `gfp and explain call a share of the mark by the same name`() throws {
        let gfp = try Session.run("numazones gfp GFP_ATOMIC").output
        let alloc = try Session.run(
            "numazones alloc Config/laptop.json GFP_ATOMIC --order 5 --until-failure --explain"
        ).output
        #expect(gfp.contains("three eighths of the min mark") && alloc.contains("three eighths of the min watermark"))
    }
}
