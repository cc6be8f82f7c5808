import OperatingSystem
import SystemPackage
import Testing

@Suite struct FileSystemTests {
    @Test func `everything below a directory is named once, sorted, and links are not followed`() throws {
        let directory = try ScratchDirectory()
        try FileSystem.makeDirectory(directory.path("b/c/d"))
        try directory.write("b/c/x.json", "1")
        try directory.write("a.json", "2")
        try directory.link("link", to: "b")
        #expect(FileSystem.paths(below: directory.root) == ["a.json", "b", "b/c", "b/c/d", "b/c/x.json", "link"])
        #expect(try FileSystem.names(in: directory.root) == ["a.json", "b", "link"])
        #expect(throws: Errno.noSuchFileOrDirectory) { try FileSystem.names(in: directory.path("none")) }
    }

    @Test func `what is there is distinguished, through links`() throws {
        let directory = try ScratchDirectory()
        try directory.write("file", "1")
        try directory.link("link", to: ".")
        #expect(FileSystem.isDirectory(directory.path("link")) && !FileSystem.isRegularFile(directory.path("link")))
        #expect(FileSystem.isRegularFile(directory.path("file")) && !FileSystem.isProgram(directory.path("file")))
        #expect(!FileSystem.exists(directory.path("none")))
        #expect(FileSystem.isProgram("/bin/sh"))
    }

    @Test func `a directory is made with those above it, and one that is there is fine`() throws {
        let directory = try ScratchDirectory()
        for _ in 0..<2 { try FileSystem.makeDirectory(directory.path("a/b/c/")) }
        #expect(FileSystem.isDirectory(directory.path("a/b/c")))
        try directory.write("file", "1")
        #expect(throws: Errno.notDirectory) { try FileSystem.makeDirectory(directory.path("file/x")) }
    }
}
