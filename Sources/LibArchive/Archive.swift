import CArchive
import OperatingSystem

/// An archive or compressed file, read with libarchive: tar and zip, optionally compressed with gzip, bzip2, xz, zstd
/// or lz4, or a single file compressed with one of these.
///
/// It is read sequentially, member by member; nothing is written to disk, and links are not followed. ``ArchiveLimits``
/// bounds what it may unpack to.
package struct Archive: Sendable {
    private let source: Source
    /// The name used in errors.
    package let name: String

    private enum Source: Sendable {
        case file(String)
        case memory([UInt8])
    }

    /// An archive on disk.
    package init(path: String) {
        source = .file(path)
        name = path
    }

    /// An archive in memory.
    package init(_ bytes: [UInt8], name: String) {
        source = .memory(bytes)
        self.name = name
    }

    /// A file in an archive, or a directory or link, which has no content.
    package struct Member: Hashable, Sendable {
        /// The path from the archive's root, with `/` and without `.` and `..`. Empty for the content of a single
        /// compressed file.
        package var path: String
        /// The content; empty for members whose content was not asked for.
        package var bytes: [UInt8]
        /// Whether it is a file.
        package var isFile: Bool

        /// Creates a member from its parts.
        package init(path: String, bytes: [UInt8], isFile: Bool) {
            self.path = path
            self.bytes = bytes
            self.isFile = isFile
        }
    }

    /// Whether the first bytes are those of a supported format.
    ///
    /// - Parameters:
    ///   - head: The beginning of a file; 512 bytes are enough.
    ///   - gzip: Whether gzip counts; some callers decompress it themselves.
    package static func isArchive(_ head: some Collection<UInt8>, gzip: Bool = true) -> Bool {
        let head = Array(head.prefix(512))
        let magics: [[UInt8]] = [
            [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], [0x28, 0xB5, 0x2F, 0xFD], [0x42, 0x5A, 0x68],
            [0x50, 0x4B, 0x03, 0x04],
            [0x50, 0x4B, 0x05, 0x06], [0x04, 0x22, 0x4D, 0x18],
        ]
        if magics.contains(where: { head.starts(with: $0) }) { return true }
        if gzip, head.starts(with: [0x1F, 0x8B]) { return true }
        return head.count >= 263 && Array(head[257..<262]) == Array("ustar".utf8)
    }

    /// Whether it contains files with names; a single compressed file does not.
    package func hasMembers() -> Bool {
        guard let reader = try? Reader(source, name: name, allowsRaw: false) else { return false }
        return (try? reader.next()) ?? nil != nil
    }

    /// Reads the whole archive.
    ///
    /// - Parameters:
    ///   - limits: What it may unpack to.
    ///   - wants: Whether the content of a member is kept, by its path; the others have a name only.
    /// - Returns: The members in the archive's order.
    /// - Throws: ``ArchiveError`` for data that are damaged, cut short or beyond the limits, and for names that lead
    ///   out of the archive.
    package func members(
        limits: ArchiveLimits = ArchiveLimits(), wanting wants: (String) -> Bool
    ) throws(ArchiveError) -> [Member] {
        let reader = try Reader(source, name: name, allowsRaw: true)
        var members: [Member] = []
        var kept = 0
        var count = 0
        while let entry = try reader.next() {
            count += 1
            guard count <= limits.members else { throw ArchiveError(name, .tooManyMembers(limits.members)) }
            let path = try reader.path(of: entry)
            if entry.size ?? 0 > limits.unpacked { throw ArchiveError(name, .tooLarge(limits.unpacked)) }
            guard entry.isFile, reader.isRaw || wants(path) else {
                if wants(path) { members.append(Member(path: path, bytes: [], isFile: false)) }
                try reader.skip(limits)
                continue
            }
            let room = min(limits.member, limits.kept - kept)
            let bytes = try reader.content(room: room, path: path, limits)
            kept += bytes.count
            members.append(Member(path: reader.isRaw ? "" : path, bytes: bytes, isFile: true))
        }
        return members
    }
}

/// The limits of what an archive may unpack to: a small file can unpack to any size.
package struct ArchiveLimits: Hashable, Sendable {
    /// The number of members.
    package var members: Int
    /// The bytes of all members together, kept or not.
    package var unpacked: Int
    /// The bytes of one member that is kept.
    package var member: Int
    /// The bytes of all members that are kept.
    package var kept: Int
    /// The ratio of unpacked to packed size, beyond ``member`` bytes: logs reach one hundred at most.
    package var ratio: Int

    /// Creates limits from their parts.
    package init(
        members: Int = 1 << 18, unpacked: Int = 4 << 30, member: Int = 256 << 20, kept: Int = 512 << 20,
        ratio: Int = 400
    ) {
        self.members = members
        self.unpacked = unpacked
        self.member = member
        self.kept = kept
        self.ratio = ratio
    }
}

/// The reason why an archive could not be read.
package struct ArchiveError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The archive's name.
    package var name: String
    /// The reason.
    package var problem: Problem

    /// What is wrong with an archive.
    package enum Problem: Hashable, Sendable {
        /// The data are damaged; the text is libarchive's message.
        case damaged(String)
        /// libarchive is not installed; the text says what to install.
        case missingLibrary(String)
        case tooManyMembers(Int)
        /// It unpacks to more than this many bytes in all.
        case tooLarge(Int)
        case memberTooLarge(String, Int)
        /// It unpacks to more than this many times its size.
        case tooDense(Int)
        /// The name of a member leads out of the archive.
        case outside(String)
    }

    init(_ name: String, _ problem: Problem) {
        self.name = name
        self.problem = problem
    }

    /// What is printed of it.
    package var description: String {
        switch problem {
        case .damaged(let words): "\(name): the archive cannot be read: \(words)"
        case .missingLibrary(let reason): "\(name): is an archive, which only libarchive can read; \(reason)"
        case .tooManyMembers(let limit):
            "\(name): the archive has more than \(limit) members; give the directory that it was made of, or one of its files"
        case .tooLarge(let limit):
            "\(name): the archive unpacks to more than \(limit >> 20) MiB, the most that is read; give one of its files"
        case .memberTooLarge(let path, let limit):
            "\(name): \(path.isEmpty ? "its content" : path) unpacks to more than \(limit >> 20) MiB, the most that is kept of one file"
        case .tooDense(let limit):
            "\(name): the archive unpacks to more than \(limit) times its size, as no machine's files do; it is not read further"
        case .outside(let path):
            "\(name): the archive names \"\(path)\", which leads out of it; no such archive is read"
        }
    }
}

extension Archive {
    /// One pass through an archive, which owns the C library's state.
    private final class Reader {
        /// The functions of libarchive, loaded once.
        private static let library = Result { () throws(MissingLibrary) in
            try LoadedLibrary(.archive, numazones_archive(), numazones_archive_find)
        }

        private let library: numazones_archive
        private let archive: OpaquePointer
        private let name: String
        /// The archive in memory, which libarchive reads during the whole pass.
        private let memory: [UInt8]
        /// The bytes of members so far.
        private var produced = 0

        struct Entry {
            var pointer: OpaquePointer
            var isFile: Bool
            /// The size in bytes; nil: not stated.
            var size: Int?
        }

        init(_ source: Source, name: String, allowsRaw: Bool) throws(ArchiveError) {
            do throws(MissingLibrary) { library = try Self.library.get().functions } catch {
                throw ArchiveError(name, .missingLibrary("\(error)"))
            }
            guard let archive = library.archive_read_new() else {
                throw ArchiveError(name, .damaged("there is no memory left"))
            }
            self.archive = archive
            self.name = name
            // Not `filter_all`, because some filters start other programs.
            _ = library.archive_read_support_filter_gzip(archive)
            _ = library.archive_read_support_filter_bzip2(archive)
            _ = library.archive_read_support_filter_xz(archive)
            _ = library.archive_read_support_filter_lzma(archive)
            _ = library.archive_read_support_filter_zstd(archive)
            _ = library.archive_read_support_filter_lz4(archive)
            _ = library.archive_read_support_format_tar(archive)
            _ = library.archive_read_support_format_zip(archive)
            if allowsRaw { _ = library.archive_read_support_format_raw(archive) }
            let status: Int32
            switch source {
            case .file(let path):
                memory = []
                status = library.archive_read_open_filename(archive, path, 1 << 16)
            case .memory(let bytes):
                memory = bytes
                status = memory.withUnsafeBytes { [library] bytes in
                    library.archive_read_open_memory(archive, bytes.baseAddress, bytes.count)
                }
            }
            guard status == ARCHIVE_OK else { throw failure }
        }

        deinit { _ = library.archive_read_free(archive) }

        /// Whether the archive is a single compressed file.
        var isRaw: Bool { library.archive_format(archive) & ARCHIVE_FORMAT_BASE_MASK == ARCHIVE_FORMAT_RAW }

        private var failure: ArchiveError {
            let words = library.archive_error_string(archive).map { String(cString: $0) } ?? "it is damaged"
            return ArchiveError(name, .damaged(words))
        }

        func next() throws(ArchiveError) -> Entry? {
            var entry: OpaquePointer?
            let status = library.archive_read_next_header(archive, &entry)
            if status == ARCHIVE_EOF { return nil }
            guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let entry else { throw failure }
            let isFile =
                library.archive_entry_filetype(entry) & 0o170000 == 0o100000
                && library.archive_entry_hardlink(entry) == nil
            return Entry(
                pointer: entry, isFile: isFile,
                size: library.archive_entry_size_is_set(entry) != 0 ? Int(library.archive_entry_size(entry)) : nil)
        }

        /// The path without `.` parts.
        func path(of entry: Entry) throws(ArchiveError) -> String {
            guard let text = library.archive_entry_pathname(entry.pointer) else { return "" }
            let path = String(cString: text)
            let parts = path.split(separator: "/").filter { $0 != "." }
            if parts.contains("..") || path.hasPrefix("/") {
                throw ArchiveError(name, .outside(String(path.prefix(80))))
            }
            return parts.joined(separator: "/")
        }

        /// Reads a member's content and discards it: the stated size cannot be trusted.
        func skip(_ limits: ArchiveLimits) throws(ArchiveError) {
            var block: UnsafeRawPointer?
            var size = 0
            var offset: Int64 = 0
            while true {
                let status = library.archive_read_data_block(archive, &block, &size, &offset)
                if status == ARCHIVE_EOF { return }
                guard status >= ARCHIVE_WARN else { throw failure }
                try count(size, limits)
            }
        }

        /// Counts what was unpacked and checks it against the limits.
        private func count(_ bytes: Int, _ limits: ArchiveLimits) throws(ArchiveError) {
            produced += bytes
            let unpacked = max(produced, Int(library.archive_filter_bytes(archive, 0)))
            if unpacked > limits.unpacked { throw ArchiveError(name, .tooLarge(limits.unpacked)) }
            let packed = max(Int(library.archive_filter_bytes(archive, -1)), 1)
            if unpacked > limits.member, unpacked / packed > limits.ratio {
                throw ArchiveError(name, .tooDense(limits.ratio))
            }
        }

        func content(room: Int, path: String, _ limits: ArchiveLimits) throws(ArchiveError) -> [UInt8] {
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = chunk.withUnsafeMutableBytes {
                    library.archive_read_data(archive, $0.baseAddress, $0.count)
                }
                guard count >= 0 else { throw failure }
                if count == 0 { return bytes }
                guard bytes.count + count <= room else {
                    throw ArchiveError(name, .memberTooLarge(path, limits.member))
                }
                bytes += chunk[..<count]
                try self.count(count, limits)
            }
        }
    }
}
