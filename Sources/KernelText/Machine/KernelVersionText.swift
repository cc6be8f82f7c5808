import GFP
import Topology

/// `/proc/version`, or the line "Linux version ..." of a boot log.
public struct KernelVersionText: KernelTextFile {
    /// The release, as `uname -r` prints it.
    public var release: String
    /// The whole line.
    public var line: String
    /// What was odd about the text, one sentence each.
    public var notes: [String]

    /// The version at the beginning of the release; nil if there is none.
    public var version: KernelVersion? { KernelVersion(release) }

    /// What the release's name says about the architecture, by distributions' conventions; nil if it says nothing.
    public var architecture: Architecture? {
        let name = release.lowercased()
        for (part, architecture) in Self.namedArchitectures where name.contains(part) { return architecture }
        return nil
    }

    /// More specific names first.
    private static let namedArchitectures: [(String, Architecture)] = [
        ("x86_64", .amd64), ("amd64", .amd64), ("aarch64", .arm64), ("arm64", .arm64), ("riscv64", .riscv64),
        ("686-pae", .i386pae), ("i686.pae", .i386pae), ("i686", .i386), ("i386", .i386), ("686", .i386), ("586", .i386),
        ("ppc64", .other), ("powerpc", .other),
        ("s390x", .other), ("armv7", .other), ("armhf", .other), ("mips", .other), ("loongarch", .other),
    ]

    public init(parsing bytes: [UInt8], name: String) throws(KernelTextError) {
        for line in KernelTextLines(bytes, file: name) {
            let fields = line.fields
            guard let index = fields.firstIndex(of: "version"), index > 0, fields[index - 1] == "Linux",
                fields.count > index + 1
            else { continue }
            release = String(fields[index + 1])
            self.line = line.content
            notes = []
            return
        }
        throw KernelTextError(file: name, problem: "no 'Linux version RELEASE' in it")
    }

    public var text: String { line + "\n" }
}
