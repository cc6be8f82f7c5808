import KernelLog
import LibArchive
import SourceText

/// The kernel logs in an archive in which memory ran out, one after another.
public struct ArchivedLogs: Sendable {
    /// Their text.
    public let log: SourceFile
    /// Their names in the archive; empty for a compressed file that is a single log.
    public let members: [String]

    /// Nil if the path is neither an archive nor a directory. A log may be a pipe, or larger than memory, so it is not
    /// read.
    ///
    /// - Throws: `ArchiveError` for an archive that is damaged or too large.
    public init?(_ path: String) throws {
        let files: [Archive.Member]
        if path != "-", FileTree.isDirectory(path) {
            files = ArchivedMachine(ArchivedMachine.files(in: path)).texts
        } else if let archive = MachineSource.archive(at: path) {
            files = ArchivedMachine(try archive.members { ArchivedMachine.wants($0) }).texts
        } else {
            return nil
        }
        let telling = files.filter { !LogScanner.reports(in: $0.bytes).isEmpty }
        // Without a report there may still be a boot to read.
        let used =
            telling.isEmpty ? Array(files.filter { !BootLog($0.bytes).fallbackOrder.isEmpty }.prefix(1)) : telling
        members = used.map(\.path).filter { !$0.isEmpty }
        log = SourceFile(name: path, bytes: Array(used.map(\.bytes).joined(separator: [0x0A])))
    }
}
