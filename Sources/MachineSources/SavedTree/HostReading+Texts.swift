import Foundation
import KernelText
import Topology

extension HostReading {
    /// Reads the texts of procfs. Only a zoneinfo that is there and cannot be understood is an error.
    mutating func readTexts() throws(HostReadError) {
        try readZoneInfo()
        buddyInfo = optional("buddyinfo", without: "how many blocks of each order are free is not known")
        pageTypeInfo = optional("pagetypeinfo", without: "the types of free blocks are not known")
        memInfo = optional("meminfo")
        version = optional("version")
        commandLine = optional("cmdline")
        memoryMap = optional("iomem")
        if memoryMap?.isHidden == true { memoryMap = nil }
        readSysctls()
        readHints()
    }

    private mutating func readZoneInfo() throws(HostReadError) {
        let path = tree.procFile("zoneinfo")
        switch tree.read(path) {
        case .missing: return
        case .unreadable(let reason): throw .unreadable(path: path, reason: reason)
        case .found(let bytes):
            do throws(KernelTextError) {
                let text = try ZoneInfoText(parsing: bytes, name: path)
                notes += text.notes
                zoneInfo = text
            } catch {
                throw .malformed(error)
            }
        }
    }

    /// - Parameter consequence: what to say if the file is missing; nil: nothing.
    private mutating func optional<Text: KernelTextFile>(_ name: String, without consequence: String? = nil) -> Text? {
        let path = tree.procFile(name)
        let tail = consequence.map { "; \($0)" } ?? "; it is left out"
        switch tree.read(path) {
        case .missing:
            if let consequence, zoneInfo != nil { note("\(path) is not there; \(consequence).") }
            return nil
        case .unreadable(let reason):
            note("\(path) cannot be read (\(reason))\(tail).")
            return nil
        case .found(let bytes):
            do throws(KernelTextError) {
                let text = try Text(parsing: bytes, name: path)
                for sentence in text.notes { note(sentence + ".") }
                return text
            } catch {
                note("\(error)\(tail).")
                return nil
            }
        }
    }

    private mutating func readSysctls() {
        var isAnyFound = false
        for name in VMSysctlText.names {
            let path = tree.procFile("sys/vm/\(name)")
            guard case .found(let bytes) = tree.read(path) else { continue }
            do throws(KernelTextError) {
                try sysctls.read(String(decoding: bytes, as: UTF8.self), of: name, path: path)
                isAnyFound = true
            } catch {
                note("\(error); the default is taken.")
            }
        }
        if !isAnyFound, zoneInfo != nil {
            note("proc/sys/vm is not there; settings have the kernel's defaults, min_free_kbytes is not known.")
        }
    }

    private mutating func readHints() {
        guard case .found(let bytes) = tree.read(tree.procFile("hwloc-nofile-info")) else { return }
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { hints[String(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
    }
}
