import BrowserCode
import Foundation
import GFP
import History
import PageAllocator
import SourceText
import Testing
import Topology

@testable import Report

/// The page of a history: whole, closed, and safe whatever it is about.
@Suite struct HistoryPageTests {
    private static let hostile = "</script><script>alert(1)</script>\u{202E}]]>\"'&"

    private func page() throws -> HistoryPage {
        var machine = try Machine(Topology(nodes: [Topology.Node(id: 0, cpus: [0], memory: [0..<4096])]))
        let recorder = HistoryRecorder(machine)
        machine.listener = recorder
        recorder.step = 0
        _ = machine.allocate(AllocationRequest(.GFP_KERNEL, order: 4))
        var page = HistoryPage(recorder.history, title: Self.hostile)
        page.about = Self.hostile
        page.steps = [Self.hostile]
        page.command = [Self.hostile]
        return page
    }

    @Test func `text from outside is text, in the markup as in the data`() throws {
        let html = try page().html
        #expect(!html.contains("<script>alert"))
        #expect(!html.contains("&lt;p&gt;"), "the page's own markup is markup")
        #expect(!html.contains("\u{202E}"))
        #expect(
            html.components(separatedBy: "</script>").count == 3, "the page's own two scripts end, and nothing else")
    }

    @Test func `nothing is loaded, and only the page's own script and style may run`() throws {
        let html = try page().html
        let policy = try #require(html.firstMatch(of: /Content-Security-Policy" content="([^"]*)"/)).output.1
        #expect(policy.hasPrefix("default-src &#39;none&#39;;"))
        for (tag, directive) in [("<script type=\"module\">", "script-src"), ("<style>", "style-src")] {
            let end = tag == "<style>" ? "</style>" : "</script>"
            let content = try #require(html.components(separatedBy: tag).last?.components(separatedBy: end).first)
            var sum = SHA256()
            sum.update(content.utf8)
            #expect(policy.contains("\(directive) &#39;sha256-\(sum.finishBase64())&#39;"))
        }
        #expect(html.ranges(of: /(src|href)="(?!#)/).isEmpty)
    }

    @Test func `the data is JSON, with each event and the sum of the state after it`() throws {
        let html = try page().html
        let data = try #require(
            html.components(separatedBy: "id=\"history-data-1\">").last?.components(separatedBy: "</script>").first)
        let document = try JSONDocument(text: data, name: "page")
        let events = try #require(document.root["events"]?.array)
        #expect(events.count == 1)
        #expect(events[0].array?[0].integer == 0)
        #expect(events[0].array?[2].integer ?? 0 > 0)
        #expect(document.root["steps"]?.array?.count == 1)
    }

    @Test func `a long history is compressed, and the same; one that is served live is as it is`() throws {
        var machine = try Machine(Topology(nodes: [Topology.Node(id: 0, cpus: [0], memory: [0..<32768])]))
        let recorder = HistoryRecorder(machine)
        machine.listener = recorder
        for _ in 0..<3000 { _ = machine.allocate(AllocationRequest(.GFP_KERNEL)) }
        var page = HistoryPage(recorder.history, title: "long")
        func data(_ type: String) throws -> String {
            let html = page.html
            let opening = "<script type=\"application/\(type)\" id=\"history-data-1\">\n"
            #expect(html.contains(opening))
            return try #require(
                html.components(separatedBy: opening).last?.components(separatedBy: "\n</script>").first)
        }
        let packed = try data("gzip")
        page.live = LiveControls(choices: [], isHost: false, settings: [], minFreeKilobytes: 1024)
        let plain = try data("json")
        let bytes = try #require(Data(base64Encoded: packed))
        #expect(String(decoding: try Gzip.decompress(Array(bytes)), as: UTF8.self) == plain)
        #expect(packed.utf8.count * 4 < plain.utf8.count)
    }

    @Test func `every module of the folder is in the script, once, and none reaches out of it`() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/BrowserCode")
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
            .compactMap { $0 as? URL }.filter { $0.pathExtension == "mjs" }
        #expect(files.count > 20)
        for file in files {
            let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
                .filter { $0.hasPrefix("export ") }
            let first = lines.first.map { $0.dropFirst("export ".count) } ?? "const page = new HistoryPage"
            #expect(BrowserCode.script.ranges(of: first).count == 1, "\(file.lastPathComponent)")
        }
        let lines = BrowserCode.script.split(separator: "\n")
        #expect(!lines.contains { $0.hasPrefix("import ") || $0.hasPrefix("export ") })
        #expect(BrowserCode.script.ranges(of: /innerHTML|outerHTML|insertAdjacentHTML|eval\(|fetch\(/).isEmpty)
    }
}
