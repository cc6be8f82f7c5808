import Foundation
import TestSupport
import Testing

@testable import SourceText

/// Regular files whole or not at all; what is not a regular file is never replaced.
@Suite struct OutputFileTests {
    /// A folder that goes with its test.
    final class Folder {
        let path: String

        init() throws {
            let url = FileManager.default.temporaryDirectory.appendingPathComponent("output-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            path = url.path
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func callAsFunction(_ name: String) -> String { path + "/" + name }

        func put(_ text: String, _ name: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: self(name)))
        }

        func text(_ name: String) throws -> String {
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: self(name))), as: UTF8.self)
        }

        var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }

        func mode(_ name: String) throws -> Int {
            let attributes = try FileManager.default.attributesOfItem(atPath: self(name))
            return try #require(attributes[.posixPermissions] as? Int)
        }
    }

    @Test(arguments: [true, false])
    func `an older file is as it was until the new one is finished`(usesUnnamed: Bool) throws {
        let folder = try Folder()
        try folder.put("old", "a")
        chmod(folder("a"), 0o640)
        var file = try OutputFile.create(folder("a"), usesUnnamed: usesUnnamed)
        try file.write("new ")
        try file.write(Array("text".utf8))
        #expect(try folder.text("a") == "old")
        try file.finish()
        #expect(file.bytes == 8)
        #expect(try folder.text("a") == "new text")
        #expect(try folder.mode("a") == 0o640)
        #expect(try folder.names == ["a"])
    }

    @Test(arguments: [true, false])
    func `a file that is not finished leaves nothing`(usesUnnamed: Bool) throws {
        let folder = try Folder()
        try folder.put("old", "a")
        for name in ["a", "b"] {
            var file = try OutputFile.create(folder(name), usesUnnamed: usesUnnamed)
            try file.write("half")
        }
        #expect(try folder.names == ["a"])
        #expect(try folder.text("a") == "old")
    }

    @Test(arguments: [true, false])
    func `what a killed writer left is taken over, or was never there`(usesUnnamed: Bool) throws {
        let folder = try Folder()
        try folder.put("left by kill -9, longer than what follows", ".a.numazones-part")
        try folder.put("old", "a")
        var file = try OutputFile.create(folder("a"), usesUnnamed: usesUnnamed)
        try file.write("new")
        try file.finish()
        #expect(try folder.text("a") == "new")
        #expect(try folder.names == ["a"])
    }

    @Test func `two writers of a named part do not mix`() throws {
        let folder = try Folder()
        var first = try OutputFile.create(folder("a"), usesUnnamed: false)
        let error = #expect(throws: OutputError.self) { _ = try OutputFile.create(folder("a"), usesUnnamed: false) }
        #expect(error?.message == "is being written by another program; wait for its end")
        try first.write("first")
        try first.finish()
        #expect(try folder.text("a") == "first")
        var second = try OutputFile.create(folder("a"), usesUnnamed: false)
        try second.write("second")
        try second.finish()
        #expect(try folder.text("a") == "second")
    }

    @Test(arguments: [true, false])
    func `a link is kept, and its target replaced`(usesUnnamed: Bool) throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(atPath: folder("sub"), withIntermediateDirectories: true)
        try folder.put("old", "sub/real")
        symlink("sub/real", folder("near"))
        symlink(folder("near"), folder("far"))
        symlink("new", folder("sub/dangling"))
        for (name, target) in [("far", "sub/real"), ("sub/dangling", "sub/new")] {
            var file = try OutputFile.create(folder(name), usesUnnamed: usesUnnamed)
            try file.write("through \(name)")
            try file.finish()
            #expect(try folder.text(target) == "through \(name)")
        }
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder("far")) == folder("near"))
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder("near")) == "sub/real")
        #expect(try folder.names == ["far", "near", "sub"])
    }

    @Test func `a FIFO is written to and stays one`() throws {
        let folder = try Folder()
        #expect(mkfifo(folder("pipe"), 0o600) == 0)
        // Both ends at once, so that nothing waits.
        let reader = open(folder("pipe"), O_RDWR)
        defer { close(reader) }
        try OutputFile.write("through", to: folder("pipe"))
        var buffer = [UInt8](repeating: 0, count: 100)
        let count = read(reader, &buffer, 100)
        #expect(String(decoding: buffer[..<max(count, 0)], as: UTF8.self) == "through")
        var status = stat()
        #expect(lstat(folder("pipe"), &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    }

    @Test func `a device is written to, and says when it is full`() throws {
        try OutputFile.write("gone", to: "/dev/null")
        var status = stat()
        #expect(lstat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
        let error = #expect(throws: OutputError.self) { try OutputFile.write("too much", to: "/dev/full") }
        #expect(error?.description == "/dev/full: cannot be written: No space left on device")
    }

    @Test func `a descriptor that has a name is written where it stands`() throws {
        let folder = try Folder()
        let descriptor = open(folder("log"), O_WRONLY | O_CREAT, 0o600)
        defer { close(descriptor) }
        #expect(write(descriptor, "before ", 7) == 7)
        try OutputFile.write("after", to: "/proc/self/fd/\(descriptor)")
        #expect(try folder.text("log") == "before after")
    }

    @Test func `what cannot be written to says why, and nothing is made`() throws {
        let folder = try Folder()
        symlink("circle", folder("circle"))
        let cases = [
            ("", "\"\": name a file, not a directory"),
            (folder("new/"), "\(folder("new/")): name a file, not a directory"),
            (folder.path, "\(folder.path): is a directory; name a file in it"),
            (folder("no/where"), "\(folder("no/where")): cannot be written: No such file or directory"),
            (folder("circle"), "\(folder("circle")): cannot be written: Too many levels of symbolic links"),
        ]
        for (path, sentence) in cases {
            let error = #expect(throws: OutputError.self) { try OutputFile.write("x", to: path) }
            #expect(error?.description == sentence)
        }
        #expect(try folder.names == ["circle"])
    }

    @Test func `a name that ends in gz gets gzip data`() throws {
        let folder = try Folder()
        var random = SeededGenerator(seed: 7)
        let bytes = (0..<3_000_000).map { _ in UInt8(truncatingIfNeeded: random.next() % 5) }
        var file = try OutputFile.create(folder("a.gz"))
        for start in stride(from: 0, to: bytes.count, by: 70_001) {
            try file.write(Array(bytes[start..<min(start + 70_001, bytes.count)]))
        }
        try file.finish()
        #expect(try SourceFile.load(folder("a.gz")).bytes == bytes)
        #expect(try Gzip.isCompressed([UInt8](Data(contentsOf: URL(fileURLWithPath: folder("a.gz"))))))
        try OutputFile.write("", to: folder("empty.gz"))
        #expect(try SourceFile.load(folder("empty.gz")).bytes.isEmpty)
    }

    @Test func `only what could be read again is present, and removed`() throws {
        let folder = try Folder()
        #expect(try !OutputFile.isPresent(folder("a")))
        try OutputFile.write("x", to: folder("a"))
        symlink("a", folder("link"))
        #expect(try OutputFile.isPresent(folder("link")))
        try OutputFile.remove(folder("link"))
        #expect(try folder.names == ["link"])
        #expect(throws: OutputError.self) { try OutputFile.isPresent("/dev/null") }
        #expect(throws: OutputError.self) { try OutputFile.isPresent("-") }
    }
}
