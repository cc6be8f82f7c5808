import LibArchive
import OperatingSystem
import SourceText

/// The members of an archive that may describe a machine.
struct ArchivedMachine {
    private let members: [Archive.Member]

    /// How many texts of an archive are examined.
    static let mostTexts = 16

    /// Members that are compressed themselves, as rotated logs are, are decompressed.
    init(_ members: [Archive.Member]) {
        var left = ArchiveLimits().kept
        self.members = members.map { member in
            guard member.isFile, Archive.isArchive(member.bytes.prefix(512)) else { return member }
            let inner = Archive(member.bytes, name: member.path)
            let limits = ArchiveLimits(unpacked: left, member: min(left, ArchiveLimits().member), kept: left)
            guard left > 0, let files = try? inner.members(limits: limits, wanting: { _ in false }), files.count == 1,
                let only = files.first, only.path.isEmpty
            else { return member }
            left -= only.bytes.count
            return Archive.Member(path: Self.unpackedPath(member.path), bytes: only.bytes, isFile: true)
        }
    }

    private static let packings = [".gz", ".xz", ".bz2", ".zst", ".lz4"]

    /// A path without the ending that names its compression.
    private static func unpackedPath(_ path: String) -> String {
        packings.first(where: path.hasSuffix).map { String(path.dropLast($0.count)) } ?? path
    }

    var paths: [String] { members.map(\.path) }

    // MARK: What is kept

    private static let names: Set<String> = [
        "zoneinfo", "buddyinfo", "pagetypeinfo", "meminfo", "vmstat", "version", "cmdline", "iomem", "cpuinfo",
        "numastat", "hwloc-nofile-info", "cpulist", "cpumap", "distance", "block_size_bytes", "online", "dmesg",
        "messages", "syslog", "kern.log", "sysctl",
    ]
    private static let endings = [".txt", ".log", ".json", ".json5", ".xml", ".mail", ".eml"]

    /// Whether a member may describe a machine, by its path.
    static func wants(_ packed: String) -> Bool {
        let path = unpackedPath(packed)
        guard let name = path.split(separator: "/").last else { return true }
        if names.contains(String(name)) { return !isOfProcess(path) }
        if path.hasSuffix("sys/kernel/mm/transparent_hugepage/enabled") { return true }
        if path.mentions("/sys/vm/") || path.mentions("sos_commands/numa/") { return true }
        if path.mentions("\(FileTree.nodes)/node"), name.hasPrefix("memory") { return true }
        if path.mentions("sys/devices/system/memory/memory"), name == "state" || name == "valid_zones" {
            return true
        }
        return endings.contains { name.hasSuffix($0) } || name.hasPrefix("dmesg") || name.hasPrefix("journalctl")
            || name.hasPrefix("sysctl_") || name.hasPrefix("uname") || name == "lscpu" || name.hasPrefix("numactl")
            || name.hasPrefix("lsmem")
            || name.hasPrefix("messages") || name.hasPrefix("vmcore-dmesg")
    }

    /// Whether a path is `proc/123/...`
    private static func isOfProcess(_ path: String) -> Bool {
        guard let range = path.lastRange(ofText: "proc/") else { return false }
        let rest = path[range.upperBound...]
        return rest.contains("/") && (rest.first?.isNumber == true || rest.hasPrefix("self/"))
    }

    /// The files of a directory that may describe a machine, as if it were an archive. Descriptions in JSON are chosen
    /// by name, because a directory of them is not a machine.
    static func files(in directory: String) -> [Archive.Member] {
        let names = ((try? FileSystem.names(in: directory)) ?? []).sorted()
        var left = ArchiveLimits().kept
        var members: [Archive.Member] = []
        for name in names.prefix(4096) where members.count < 256 {
            guard wants(name), !name.hasSuffix(".json"), !name.hasSuffix(".json5") else { continue }
            guard let file = try? SourceFile.load(FileTree.join(directory, name)), file.bytes.count <= left else {
                continue
            }
            left -= file.bytes.count
            members.append(Archive.Member(path: name, bytes: file.bytes, isFile: true))
        }
        return members
    }

    // MARK: Where it lies

    /// The directory that contains `proc` or `sys`, ending with `/`; nil if there is none.
    var root: String? {
        let marks = ["proc/zoneinfo", "proc/buddyinfo", "proc/meminfo", "\(FileTree.nodes)/node"]
        let roots = members.compactMap { member -> String? in
            for mark in marks {
                guard let range = member.path.firstRange(ofText: mark) else { continue }
                let root = String(member.path[..<range.lowerBound])
                if root.isEmpty || root.hasSuffix("/") { return root }
            }
            return nil
        }
        if let shortest = roots.min(by: { ($0.count, $0) < ($1.count, $1) }) { return shortest }
        // A directory that directly contains zoneinfo and related files.
        let bare = members.filter {
            $0.isFile && FileTree.procNames.contains($0.path.split(separator: "/").last.map(String.init) ?? "")
        }
        return bare.map { String($0.path.prefix(through: $0.path.lastIndex(of: "/") ?? $0.path.startIndex)) }
            .map { $0.contains("/") ? $0 : "" }.min { ($0.count, $0) < ($1.count, $1) }
    }

    /// The contents of files, and the names of everything else, by path from the root.
    func files(under root: String) -> (contents: [String: [UInt8]], names: [String]) {
        var contents: [String: [UInt8]] = [:]
        var names: [String] = []
        for member in members where member.path.hasPrefix(root) {
            let path = String(member.path.dropFirst(root.count))
            if member.isFile { contents[path] = member.bytes } else { names.append(path) }
        }
        return (contents, names)
    }

    /// Files that may be logs or descriptions, those with the most promising names first.
    var texts: [Archive.Member] {
        func rank(_ path: String) -> Int {
            let name = path.split(separator: "/").last.map(String.init) ?? ""
            if name.mentions("dmesg") || name.mentions("boot") { return 0 }
            if name.hasPrefix("numactl") || name.hasPrefix("memory") { return 1 }
            if name.hasPrefix("journalctl") || name.hasPrefix("messages") || name.hasPrefix("kern") { return 2 }
            return name.hasSuffix(".log") ? 3 : 4
        }
        return members.filter { $0.isFile && !$0.bytes.isEmpty }.sorted {
            (rank($0.path), $0.path) < (rank($1.path), $1.path)
        }
        .prefix(256).map { $0 }
    }

    /// "proc/zoneinfo, proc/version and 40 more".
    static func summary(of paths: [String]) -> String {
        let sorted = paths.sorted()
        let shown = sorted.prefix(6).joined(separator: ", ")
        return sorted.count > 6 ? "\(shown) and \(sorted.count - 6) more" : shown
    }
}
