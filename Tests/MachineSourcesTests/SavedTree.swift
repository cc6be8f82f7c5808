import Foundation

/// A tree of files in a temporary directory, removed with the value's end.
final class SavedTree {
    let root: String

    init(_ files: [String: String] = [:]) throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("numazones-\(UUID().uuidString)")
        root = url.path
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for (path, text) in files {
            let file = url.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// Unpacks what a machine is read from; the tarballs have tens of thousands of other files.
    func unpack(_ tarball: URL) throws {
        let tar = Process()
        tar.executableURL = URL(fileURLWithPath: "/usr/bin/tar")
        tar.arguments =
            ["-xjf", tarball.path, "-C", root, "--wildcards"]
            + ["meminfo", "version", "cmdline", "hwloc-nofile-info"].map { "*/proc/\($0)" }
            + ["cpulist", "cpumap", "distance", "meminfo"].map { "*/sys/devices/system/node/node*/\($0)" }
            + ["*/sys/devices/system/cpu/online"]
        // A pattern that finds nothing is an error to tar, and none here.
        tar.standardError = FileHandle.nullDevice
        try tar.run()
        tar.waitUntilExit()
    }

    /// Directories directly in the tree.
    var directories: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return names.sorted().map { root + "/" + $0 }
    }

    static var canUnpack: Bool {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/tar")
            && ["/usr/bin/bzip2", "/bin/bzip2"].contains { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
