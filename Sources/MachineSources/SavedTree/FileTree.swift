import Foundation
import SourceText

/// A root directory, live or saved, with the places where procfs and sysfs may lie in it.
struct FileTree {
    let root: String
    /// Where zoneinfo and its neighbours are: `root/proc`, or `root` itself in a bare directory.
    let proc: String

    private let directory: RootedDirectory

    /// Files by which a directory is known to hold what procfs has.
    static let procNames = ["zoneinfo", "buddyinfo", "pagetypeinfo", "meminfo", "vmstat"]

    init(root: String) throws(HostReadError) {
        guard let directory = RootedDirectory(root) else { throw .notADirectory(path: root) }
        self.directory = directory
        self.root = root
        let nested = Self.join(root, "proc")
        let isBare = !Self.isDirectory(nested) || Self.procNames.contains { Self.exists(Self.join(root, $0)) }
        proc = isBare ? root : nested
    }

    /// The whole file.
    func read(_ path: String) -> RootedDirectory.Content { directory.read(path, limit: Self.largestFile) }

    /// The file's text without surrounding blanks; nil if there is none.
    func word(_ path: String) -> String? {
        guard case .found(let bytes) = read(path) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? nil : text
    }

    func procFile(_ name: String) -> String { Self.join(proc, name) }

    func file(_ path: String) -> String { Self.join(root, path) }

    /// The numbers of the directories `node0`, `node1`, ... of sysfs, ascending.
    var nodeDirectories: [Int] {
        let folder = file("sys/devices/system/node")
        guard directory.contains(folder) else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { $0.hasPrefix("node") ? Int($0.dropFirst(4)) : nil }
            .filter { (0..<1024).contains($0) }.sorted()
    }

    static func isDirectory(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    static func join(_ directory: String, _ name: String) -> String {
        directory.hasSuffix("/") ? directory + name : directory + "/" + name
    }

    private static let largestFile = 64 << 20
}
