import SourceText

/// The compact form of a ``Snapshot`` (`.nzs`): a ``BlockFile`` whose blocks hold the JSON form without its long lists,
/// and those lists as small differences. See `Documentation/Formats/SnapshotFormat.md`.
package enum CompactSnapshot {
    /// The first eight bytes of a file.
    package static let magic: [UInt8] = [0x89, 0x4E, 0x5A, 0x53, 0x0D, 0x0A, 0x1A, 0x0A]
    /// The version of the form that is written.
    package static let version: UInt16 = 1
    static let file = BlockFile(
        magic: magic, version: version, oldestVersion: 1, what: "a compact snapshot",
        remedy: "Write it again from its JSON form with 'numazones show --out', by the program that wrote it")

    /// The ending of a file name that asks for this form.
    package static let suffix = ".nzs"

    /// The kinds of blocks.
    static let content: UInt8 = 0x44
    static let end: UInt8 = 0x5A

    /// Whether `bytes` begin like a file in this form.
    package static func isCompact(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: magic) }
}

extension Snapshot {
    /// The snapshot as the contents of a file of that name: compact if it ends in `.nzs` or `.nzs.gz`, else JSON.
    package func bytes(forFile path: String) -> [UInt8] {
        let isCompact = path.hasSuffix(CompactSnapshot.suffix) || path.hasSuffix(CompactSnapshot.suffix + ".gz")
        return isCompact ? compact : Array((json.text() + "\n").utf8)
    }
}
