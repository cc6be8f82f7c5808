import Foundation
import Testing

@testable import MachineSources

/// A saved tree may come from anywhere: nothing in it makes the reader wait, or show what is not in it.
@Suite struct HostileTreeTests {
    private func withTree(_ body: (String) throws -> Void) throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("tree-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: url.appendingPathComponent("tree/proc/sys/vm"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        try Data("secret 42\n".utf8).write(to: url.appendingPathComponent("secret"))
        try Data("MemTotal: 65536 kB\n".utf8).write(to: url.appendingPathComponent("tree/proc/meminfo"))
        try body(url.appendingPathComponent("tree").path)
    }

    private func notes(_ root: String) -> String {
        do { return try HostReader(root: root).snapshot().notes.joined(separator: "\n") } catch { return "\(error)" }
    }

    @Test func `a FIFO in place of any file is reported, not waited for`() throws {
        for name in ["zoneinfo", "buddyinfo", "pagetypeinfo", "version", "cmdline", "iomem", "sys/vm/swappiness"] {
            try withTree { root in
                #expect(mkfifo("\(root)/proc/\(name)", 0o600) == 0)
                let notes = notes(root)
                if !name.contains("swappiness") {
                    #expect(notes.contains("it is a FIFO, not a regular file"), "\(notes)")
                }
            }
        }
    }

    @Test func `a link out of the tree is not followed, and its target not quoted`() throws {
        try withTree { root in
            symlink("\(root)/../secret", "\(root)/proc/version")
            symlink("../../../../secret", "\(root)/proc/sys/vm/swappiness")
            symlink("/dev/zero", "\(root)/proc/iomem")
            let notes = notes(root)
            #expect(notes.contains("it is a link out of the directory, which is not followed"), "\(notes)")
            // The tree's own name is of random digits.
            let words = notes.replacingOccurrences(of: root, with: "")
            #expect(!words.contains("secret") && !words.contains("42"), "\(notes)")
        }
    }

    @Test func `a link within the tree is followed`() throws {
        try withTree { root in
            try FileManager.default.moveItem(atPath: "\(root)/proc/meminfo", toPath: "\(root)/saved")
            symlink("../saved", "\(root)/proc/meminfo")
            let tree = try FileTree(root: root)
            #expect(tree.read("\(root)/proc/meminfo") == .found(Array("MemTotal: 65536 kB\n".utf8)))
            #expect(tree.read("\(root)/proc/absent") == .missing)
        }
    }
}
