import KernelLog
import LibArchive
import SourceText

/// The kernel logs of an archive in which memory failed, one after the other.
public struct ArchivedLogs: Sendable {
    public let log: SourceFile
    /// Where in the archive they were; empty for a compressed file that is one log.
    public let members: [String]

    /// Nil: the path is neither archive nor directory. A log may be a pipe, or larger than memory: it is left unread.
    ///
    /// - Throws: `ArchiveError` for one that is damaged or too large.
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
        // Without a report there may still be a boot to look at.
        let used =
            telling.isEmpty ? Array(files.filter { !BootLog($0.bytes).fallbackOrder.isEmpty }.prefix(1)) : telling
        members = used.map(\.path).filter { !$0.isEmpty }
        log = SourceFile(name: path, bytes: Array(used.map(\.bytes).joined(separator: [0x0A])))
    }
}
