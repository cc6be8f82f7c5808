import Foundation
import TestSupport
import Testing

/// Machines of the world whose `/proc` was saved: what is printed of them is what was read.
@Suite(.enabled(if: SharedMaterial.has("corpus/proc")))
struct SavedTreeTests {
    static let trees: [String] = SharedMaterial.files(in: "corpus/proc", endingIn: "buddyinfo")
        .map { String($0.dropLast("/buddyinfo".count)) }
        .filter { SharedMaterial.has($0 + "/zoneinfo") }

    @Test(arguments: trees)
    func `buddyinfo is printed as it was read`(_ tree: String) throws {
        let path = SharedMaterial.root.appendingPathComponent(tree).path
        let original = try String(contentsOfFile: path + "/buddyinfo", encoding: .utf8)
        let check = try Session.run("numazones check '\(path)'").output
        let printed = try Session.run("numazones show '\(path)' --format buddyinfo").output
        // A line that cannot belong to the zone is left out, which is said.
        guard !check.contains("of another machine or moment") else { return }
        #expect(Self.fields(printed) == Self.fields(original))
    }

    static let folders =
        (try? FileManager.default.contentsOfDirectory(
            atPath: SharedMaterial.root.appendingPathComponent("corpus/proc").path))?.filter { !$0.contains(".") }
        .sorted() ?? []

    @Test(arguments: folders)
    func `show and explain --root work on every folder, or say that it has no machine`(_ folder: String) throws {
        let path = SharedMaterial.root.appendingPathComponent("corpus/proc/\(folder)").path
        let show = try Session.run("numazones show --root '\(path)'")
        let explain = try Session.run("numazones explain --root '\(path)' GFP_KERNEL --order 3")
        #expect(explain.code == show.code)
        guard show.code == 0 else {
            #expect(show.output.contains("no machine in it") && explain.output.contains("no machine in it"))
            let names = SharedMaterial.files(in: "corpus/proc/\(folder)").map { $0.split(separator: "/").last ?? "" }
            #expect(!names.contains("zoneinfo"))
            return
        }
        #expect(explain.output.contains(" request of order 3 (") && explain.output.contains("requests left"))
        let json = try Session.run("numazones explain --root '\(path)' GFP_ATOMIC --order 0 --json")
        #expect(json.code == 0 && json.output.contains("\"requestsLeft\""))
    }

    @Test(arguments: trees)
    func `a boost that zoneinfo prints is named, by show and by explain`(_ tree: String) throws {
        let path = SharedMaterial.root.appendingPathComponent(tree).path
        let zoneinfo = try String(contentsOfFile: path + "/zoneinfo", encoding: .utf8)
        let boosts = zoneinfo.split(separator: "\n").compactMap { line -> Int? in
            let fields = line.split(separator: " ")
            return fields.count == 2 && fields[0] == "boost" ? Int(fields[1]) : nil
        }
        for verb in ["show '\(path)'", "explain --root '\(path)' GFP_KERNEL"] {
            let words = try Session.run("numazones \(verb)").output.split(whereSeparator: \.isWhitespace)
            let text = words.joined(separator: " ")
            for boost in boosts where boost > 0 { #expect(text.contains("fragmentation has boosted it by \(boost).")) }
            if !boosts.isEmpty, boosts.allSatisfy({ $0 == 0 }) { #expect(!text.contains("has boosted it by")) }
        }
    }

    private static func fields(_ text: String) -> [[Substring]] {
        text.split(separator: "\n").map { $0.split(separator: " ") }
    }

    @Test(arguments: trees)
    func `watermarks, sizes and counters are printed as zoneinfo had them`(_ tree: String) throws {
        let path = SharedMaterial.root.appendingPathComponent(tree).path
        let original = Self.figures(try String(contentsOfFile: path + "/zoneinfo", encoding: .utf8))
        let result = try Session.run("numazones show '\(path)' --format zoneinfo")
        let printed = Self.figures(result.output)
        #expect(result.code == 0)
        for (key, value) in original.sorted(by: { $0.key < $1.key }) where printed[key] != nil {
            // Kernels before 3.9 do not say what is managed, and more may be free than is present.
            let isOld = key.hasSuffix(" present") && !original.keys.contains { $0.hasSuffix(" managed") }
            if !isOld { #expect(printed[key] == value, "\(key)") }
        }
        #expect(original.keys.count { printed[$0] != nil } >= original.count / 3)
    }

    /// `node zone name` to value, of the lines that a machine's state decides.
    private static func figures(_ text: String) -> [String: Substring] {
        var zone = ""
        var figures: [String: Substring] = [:]
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ")
            if fields.first == "Node" { zone = fields.dropFirst().joined(separator: " ") }
            let isAmount = ["min", "low", "high", "spanned", "present", "managed"].contains(fields.first)
            if fields.count == 2, isAmount || fields[0].hasPrefix("nr_") || fields[0].hasPrefix("numa_") {
                figures["\(zone) \(fields[0])"] = fields[1]
            }
        }
        return figures
    }
}
