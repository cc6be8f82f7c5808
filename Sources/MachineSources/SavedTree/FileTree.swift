import OperatingSystem
import SourceText

/// A root directory, live or saved, or files in memory under such a root, and where procfs and sysfs are in it.
struct FileTree {
    /// The path; for a tree in memory, its name.
    let root: String
    /// Where zoneinfo and related files are: `root/proc`, or `root` itself.
    let proc: String
    /// The files by path, which includes the root; nil: they are on disk.
    private let files: [String: [UInt8]]?
    private let directories: Set<String>

    /// The directory on disk; nil: the files are in memory.
    private let directory: RootedDirectory?

    typealias Content = RootedDirectory.Content

    /// Files that show that a directory has procfs's contents.
    static let procNames = ["zoneinfo", "buddyinfo", "pagetypeinfo", "meminfo", "vmstat"]

    init(root: String) throws(HostReadError) {
        guard let directory = RootedDirectory(root) else { throw .notADirectory(path: root) }
        self.directory = directory
        self.root = root
        files = nil
        directories = []
        isText = false
        let nested = Self.join(root, "proc")
        let isBare = !Self.isDirectory(nested) || Self.procNames.contains { Self.exists(Self.join(root, $0)) }
        proc = isBare ? root : nested
    }

    /// Whether the files are pieces of a single text, and have no names in it.
    let isText: Bool

    /// A tree in memory, with files by path from the root.
    init(root: String, files: [String: [UInt8]], directories: some Sequence<String> = [], isText: Bool = false) {
        self.root = root
        self.isText = isText
        var rooted: [String: [UInt8]] = [:]
        for (path, bytes) in files { rooted[Self.join(root, path)] = bytes }
        self.files = rooted
        directory = nil
        self.directories = Set(directories)
        let isNested = files.keys.contains { $0.hasPrefix("proc/") }
        let isBare = !isNested || Self.procNames.contains { files[$0] != nil }
        proc = isBare ? root : Self.join(root, "proc")
    }

    /// Reads a whole file.
    func read(_ path: String) -> Content {
        if let directory { return directory.read(path, limit: Self.largestFile) }
        return files?[path].map { .found($0) } ?? .missing
    }

    /// The first of several files that exists, by path from the root, and its full path.
    func first(of paths: [String]) -> (path: String, bytes: [UInt8])? {
        for path in paths {
            if case .found(let bytes) = read(file(path)), !bytes.isEmpty { return (file(path), bytes) }
        }
        return nil
    }

    /// A file's text, trimmed; nil if there is none.
    func word(_ path: String) -> String? {
        guard case .found(let bytes) = read(path) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self).trimmed
        return text.isEmpty ? nil : text
    }

    func procFile(_ name: String) -> String { Self.join(proc, name) }

    func file(_ path: String) -> String { Self.join(root, path) }

    func has(_ path: String) -> Bool {
        if let files { return files[path] != nil }
        return Self.exists(path)
    }

    /// The names in a directory, by path from the root.
    func names(in directory: String) -> [String] {
        guard let files else {
            guard self.directory?.contains(file(directory)) == true else { return [] }
            return (try? FileSystem.names(in: file(directory))) ?? []
        }
        let prefix = file(directory) + "/"
        var names = Set<String>()
        for path in files.keys where path.hasPrefix(prefix) {
            names.insert(String(path.dropFirst(prefix.count).prefix { $0 != "/" }))
        }
        for path in directories where path.hasPrefix(directory + "/") {
            names.insert(String(path.dropFirst(directory.count + 1).prefix { $0 != "/" }))
        }
        return names.sorted()
    }

    /// The numbers of the directories `node0`, `node1`, ... of sysfs, ascending.
    var nodeDirectories: [Int] {
        numbers(in: Self.nodes, after: "node").filter { (0..<1024).contains($0) }
    }

    /// The numbers of a directory's entries that consist of a prefix and a number, ascending.
    func numbers(in directory: String, after prefix: String) -> [Int] {
        names(in: directory).compactMap { $0.hasPrefix(prefix) ? Int($0.dropFirst(prefix.count)) : nil }.sorted()
    }

    static let nodes = "sys/devices/system/node"

    static func isDirectory(_ path: String) -> Bool { FileSystem.isDirectory(path) }

    static func exists(_ path: String) -> Bool { FileSystem.exists(path) }

    static func join(_ directory: String, _ name: String) -> String {
        directory.hasSuffix("/") ? directory + name : directory + "/" + name
    }

    static let largestFile = 64 << 20
}
