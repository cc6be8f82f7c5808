import Foundation
import SourceText
import TestSupport
import Testing

@Suite struct SessionTests {
    static let names = ["bad-input", "show", "alloc", "gfp", "explain", "policy", "compare", "serve"]

    @Test(arguments: names)
    func `the program prints exactly what the fixture shows`(_ name: String) throws {
        let url = Session.fixtures.appendingPathComponent("Sessions/\(name).txt")
        var transcript = Transcript(try String(contentsOf: url, encoding: .utf8))
        #expect(!transcript.entries.isEmpty)
        let records = ProcessInfo.processInfo.environment["NUMAZONES_RECORD_SNAPSHOTS"] == "1"
        for (index, entry) in transcript.entries.enumerated() {
            let printed = Transcript.printed(try Session.run(entry.command))
            if records {
                transcript.entries[index].printed = printed
            } else {
                #expect(printed == entry.printed, "\(entry.command)")
            }
        }
        if records { try transcript.text.write(to: url, atomically: true, encoding: .utf8) }
    }

    @Test func `every kind of bad input has its own sentence, and the exit code 2`() throws {
        let url = Session.fixtures.appendingPathComponent("Sessions/bad-input.txt")
        let transcript = Transcript(try String(contentsOf: url, encoding: .utf8))
        #expect(transcript.entries.count >= 40)
        for entry in transcript.entries {
            #expect(entry.printed.hasSuffix("[2]"), "\(entry.command)")
            #expect(!entry.printed.contains("Error("), "\(entry.command)")
        }
    }

    static let machines =
        (try? FileManager.default.contentsOfDirectory(
            atPath: SharedMaterial.packageRoot.appendingPathComponent("Config").path))?
        .filter { $0.hasSuffix(".json") }.sorted() ?? []

    @Test(arguments: machines)
    func `a shipped machine is shown as text and as JSON`(_ name: String) throws {
        let text = try Session.run("numazones show Config/\(name) --fragmentation")
        #expect(text.code == 0)
        #expect(!text.output.contains("\u{1B}"), "no colour in a pipe")
        #expect(text.output.split(separator: "\n").allSatisfy { $0.count <= 120 })
        let json = try JSONDocument(text: try Session.run("numazones show Config/\(name) --json").output)
        let zones = try #require(json.root["zones"]?.array)
        #expect(!zones.isEmpty)
        for zone in zones {
            #expect(zone["managed"]?.int ?? -1 >= 0)
            #expect(zone["watermarks"]?["low"]?.int != nil)
            #expect(zone["freeBlocks"]?.array?.isEmpty == false)
        }
        #expect(json.root["nodes"]?.array?.allSatisfy { $0["zonelist"]?.array != nil } == true)
    }

    @Test func `a machine's saved state is a source again, and the same machine`() throws {
        let result = try Session.run(
            "numazones show Config/laptop.json --snapshot > state.json && numazones show state.json --format zoneinfo "
                + "> a && numazones show Config/laptop.json --format zoneinfo > b && cmp a b")
        #expect(result.code == 0, "\(result.output)")
    }

    @Test func `a reader that leaves early is no trouble`() throws {
        let result = try Session.run("(numazones show Config/huge-64-node-64tib.json; echo code $? >&2) | head -n 1")
        #expect(result.output.contains("code 0"))
        #expect(!result.output.contains("numazones:"))
    }

    @Test func `a full disk is said`() throws {
        let result = try Session.run("numazones profiles > /dev/full")
        #expect(result.code == 2)
        #expect(result.output == "numazones: cannot write to standard output: No space left on device\n")
    }

    @Test(
        arguments: [
            "", "show", "check", "gfp", "alloc", "explain", "run", "compare", "sweep", "tune", "headroom", "verify",
            "replay", "age",
            "profiles",
            "completions",
        ])
    func `every verb explains itself`(_ verb: String) throws {
        let result = try Session.run("numazones \(verb) --help")
        #expect(result.code == 0)
        #expect(result.output.contains("USAGE: numazones"))
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `completions are made for each shell`(_ shell: String) throws {
        let result = try Session.run("numazones completions \(shell)")
        #expect(result.code == 0)
        #expect(result.output.contains("--until-failure") || result.output.contains("until-failure"))
    }

    @Test func `an expectation that fails exits with 1`() throws {
        let alloc = "numazones alloc Config/textbook-buddy.json GFP_KERNEL"
        #expect(try Session.run("\(alloc) --expect served").code == 0)
        #expect(try Session.run("\(alloc) --expect refused").code == 1)
        #expect(try Session.run("\(alloc) --order 6 --count 99 --expect served").code == 1)
        #expect(try Session.run("\(alloc) --order 6 --count 99").code == 0)
    }
}
