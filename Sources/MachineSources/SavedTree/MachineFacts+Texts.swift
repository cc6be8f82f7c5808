import KernelLog
import KernelText
import Topology

extension MachineFacts {
    /// Reads what a tree tells about a machine: procfs, sysfs, and saved outputs of tools.
    mutating func read(_ tree: FileTree, library: (any NUMALibrary)? = nil) throws(HostReadError) {
        try readTexts(tree)
        readNodes(tree, library)
        try readTools(tree)
    }

    /// Reads the texts of procfs. Only a zoneinfo that exists and is malformed is an error.
    private mutating func readTexts(_ tree: FileTree) throws(HostReadError) {
        try readZoneInfo(tree)
        buddyInfo = optional("buddyinfo", tree)
        pageTypeInfo = optional("pagetypeinfo", tree, without: "the types of free blocks are not known")
        memInfo = optional("meminfo", tree)
        vmstat = optional("vmstat", tree)
        version = optional("version", tree)
        commandLine = optional("cmdline", tree)
        memoryMap = optional("iomem", tree)
        if memoryMap?.isHidden == true { memoryMap = nil }
        readSysctls(tree)
        readHugePages(tree)
        readHints(tree)
        readProcessors(tree)
    }

    private mutating func readZoneInfo(_ tree: FileTree) throws(HostReadError) {
        let path = tree.procFile("zoneinfo")
        switch tree.read(path) {
        case .missing: return
        case .unreadable(let reason): throw .unreadable(path: path, reason: reason)
        case .found(let bytes):
            do throws(KernelTextError) {
                let text = try ZoneInfoText(parsing: bytes, name: path)
                for sentence in text.notes { note(sentence, .notUnderstood) }
                zoneInfo = text
                zoneInfoPath = path
            } catch {
                throw .malformed(error)
            }
        }
    }

    /// Reads a text that may be missing; `consequence` is what to note then, if anything.
    private mutating func optional<Text: KernelTextFile>(
        _ name: String, _ tree: FileTree, without consequence: String? = nil
    ) -> Text? {
        let path = tree.procFile(name)
        let tail = consequence.map { "; \($0)" } ?? "; it is ignored"
        switch tree.read(path) {
        case .missing:
            if let consequence, zoneInfo != nil {
                note("\(tree.isText ? "/proc/\(name)" : path) is not there; \(consequence).")
            }
            return nil
        case .unreadable(let reason):
            note("\(path) cannot be read (\(reason))\(tail).", .notUnderstood)
            return nil
        case .found(let bytes):
            do throws(KernelTextError) {
                let text = try Text(parsing: bytes, name: path)
                for sentence in text.notes { note(sentence + ".", .notUnderstood) }
                return text
            } catch {
                note("\(error)\(tail).", .notUnderstood)
                return nil
            }
        }
    }

    private mutating func readSysctls(_ tree: FileTree) {
        for name in VMSysctlText.names {
            let path = tree.procFile("sys/vm/\(name)")
            guard case .found(let bytes) = tree.read(path) else { continue }
            readSysctl(String(decoding: bytes, as: UTF8.self), of: name, path: path)
        }
        if let dump = tree.first(of: Self.sysctlDumps) { readSysctlDump(dump.bytes, path: dump.path) }
    }

    /// `always [madvise] never`: the setting in brackets. Anything but never raises `min_free_kbytes`.
    private mutating func readHugePages(_ tree: FileTree) {
        guard let text = tree.word(tree.file("sys/kernel/mm/transparent_hugepage/enabled")),
            let chosen = text.split(separator: " ").first(where: { $0.hasPrefix("[") && $0.hasSuffix("]") })
        else { return }
        transparentHugePages = chosen != "[never]"
    }

    mutating func readSysctl(_ text: String, of name: String, path: String) {
        do throws(KernelTextError) {
            try sysctls.read(text, of: name, path: path)
        } catch {
            note("\(error); the default is used.", .notUnderstood)
        }
    }

    private mutating func readHints(_ tree: FileTree) {
        guard case .found(let bytes) = tree.read(tree.procFile("hwloc-nofile-info")) else { return }
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { hints[String(parts[0])] = parts[1].trimmed }
        }
    }

    /// Reads the architecture from cpuinfo, and its processors if nothing else lists them.
    private mutating func readProcessors(_ tree: FileTree) {
        guard case .found(let bytes) = tree.read(tree.procFile("cpuinfo")) else { return }
        let text = CPUInfoText(String(decoding: bytes.prefix(1 << 20), as: UTF8.self))
        if architecture == nil, let family = text.architecture {
            architecture = family
            note("the architecture is \(family.rawValue), by cpuinfo.", .used)
        }
        if onlineCPUs.isEmpty { onlineCPUs = text.processors }
    }
}
