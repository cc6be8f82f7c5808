import LibArchive
import PageAllocator
import SourceText
import Topology

/// What a user named as the machine.
public enum MachineSource: Sendable {
    /// The running machine; its library is asked for nodes.
    case host((any NUMALibrary)?)
    /// A directory with a saved /proc and /sys.
    case tree(String)
    /// A file, whose format its content determines, a directory, or `-` for standard input; several are separated by `
    /// + `.
    case path(String)
    /// The contents of such a file, with a name for messages.
    case bytes([UInt8], name: String)
    /// hwloc's synthetic description.
    case synthetic(String)

    /// Reads the source, and builds the machine once.
    ///
    /// - Throws: ``SourceRefusal``, ``SourceFaults``, ``HostReadError``, or what the source's own reader throws.
    public func load(_ options: SourceOptions = SourceOptions()) throws -> SourcedMachine {
        var part = try part(options)
        try part.facts.use(options)
        part.facts.assumeWhatNUMACtlOmits()
        var snapshot = try part.facts.snapshot()
        if let distances = options.distances { try part.facts.use(distances, in: &snapshot) }
        if let kernel = options.kernel {
            snapshot.topology.kernel = kernel
            snapshot.topology.rules = options.rules
        } else {
            snapshot.topology.rules += options.rules
        }
        if !snapshot.topology.rules.isEmpty { _ = try KernelProfile(of: snapshot.topology) }
        var machine = SourcedMachine(part.name, part.kind, snapshot, notes: part.facts.notes)
        machine.problems = part.problems
        if part.facts.complete == nil { machine.texts = part.facts.texts }
        machine.distancesAreAssumed =
            (part.facts.hasAssumedDistances || part.facts.hasOpenDistances && part.facts.distances == nil)
            && options.distances == nil
        try machine.apply(options.settings)
        return machine
    }

    private func part(_ options: SourceOptions) throws -> SourcePart {
        switch self {
        case .host(let library):
            return SourcePart(
                facts: try HostReader(library: library).facts(), kind: "the running machine", name: "this machine")
        case .tree(let path):
            return SourcePart(facts: try HostReader(root: path).facts(), kind: "a saved /proc and /sys", name: path)
        case .synthetic(let text): return try SourceFormat.synthetic(text)
        case .bytes(let bytes, let name):
            let input = SourceInput(
                name: name, content: Self.content(SourceFile(name: name, bytes: bytes), gzip: true), nth: options.nth)
            return try SourceFormat.of(input).load(input)
        case .path(let text):
            let paths = Self.paths(in: text)
            guard let first = paths.first else { throw SourceRefusal("no source is named") }
            let isJoined = paths.count > 1
            var part = try Self.part(first, options.nth, isPart: isJoined)
            for path in paths.dropFirst() {
                let other = try Self.part(path, nil, isPart: isJoined)
                part.facts.fill(from: other.facts)
                part.kind += ", " + other.kind
                part.name += " + " + other.name
                part.problems += other.problems
            }
            return part
        }
    }

    /// The paths in `boot.log + numactl.txt`, whose sources are joined.
    public static func paths(in text: String) -> [String] { text.parts(separatedBy: " + ").filter { !$0.isEmpty } }

    /// Reads one part of a source.
    ///
    /// - Parameters:
    ///   - path: The part's path.
    ///   - nth: The number of the report to use in a log, from 1; nil: the only one.
    ///   - isPart: Whether it is joined to others.
    private static func part(_ path: String, _ nth: Int?, isPart: Bool) throws -> SourcePart {
        let content = try content(of: path)
        let name = path == "-" ? "standard input" : path
        var input = SourceInput(name: name, content: content, nth: nth)
        input.isPart = isPart
        let format = try SourceFormat.of(input)
        guard nth == nil || [SourceFormat.kernelLog.name, SourceFormat.archive.name].contains(format.name) else {
            throw SourceRefusal("\(name): --nth goes with a kernel log, which this is not")
        }
        return try format.load(input)
    }

    /// A directory, an archive to be read as a stream, or a whole file.
    static func content(of path: String) throws -> SourceInput.Content {
        if path != "-", FileTree.isDirectory(path) { return .directory(path) }
        if let archive = archive(at: path) { return .archive(archive) }
        return content(try SourceFile.load(path), gzip: false)
    }

    /// The content of a file; `gzip` is whether it may still be compressed by gzip.
    private static func content(_ file: SourceFile, gzip: Bool) -> SourceInput.Content {
        guard Archive.isArchive(file.bytes.prefix(512), gzip: gzip) else { return .file(file) }
        return .archive(Archive(file.bytes, name: file.name))
    }

    /// An archive in a regular file, recognised by its first bytes; nothing is read from a pipe.
    static func archive(at path: String) -> Archive? {
        guard path != "-" else { return nil }
        let archive = Archive(path: path)
        // Nothing from a pipe, which could not be read again.
        let head = RegularFile.head(of: path, bytes: 512) ?? []
        let isArchive = Archive.isArchive(head, gzip: false) || Archive.isArchive(head) && archive.hasMembers()
        return isArchive ? archive : nil
    }
}

extension MachineFacts {
    fileprivate var texts: KernelTexts {
        var texts = KernelTexts()
        texts.zoneInfo = zoneInfo
        texts.buddyInfo = buddyInfo
        texts.pageTypeInfo = pageTypeInfo
        texts.vmstat = vmstat
        texts.numaStat = numaStat
        return texts
    }

    /// Applies what the user states, where no source does.
    fileprivate mutating func use(_ options: SourceOptions) throws(SourceRefusal) {
        if complete != nil {
            guard options.architecture == nil, options.pageSize == nil else {
                throw SourceRefusal(
                    "\(name): says itself which architecture and page size it has; --arch and --page-size are for sources that "
                        + "leave them open")
            }
            return
        }
        var given = MachineFacts(name: "the command line")
        given.architecture = options.architecture
        given.pageSize = options.pageSize
        fill(from: given)
        // A kernel's rules can be replaced by another's, but not the form of its texts.
        if kernel == nil, version == nil, bootLog?.kernelRelease == nil { kernel = options.kernel }
    }

    fileprivate mutating func use(_ option: DistanceOption, in snapshot: inout Snapshot) throws(SourceRefusal) {
        let matrix = try option.matrix(of: snapshot.topology.nodes.map(\.id))
        let isOpen = distances == nil && (complete == nil || hasOpenDistances) || hasAssumedDistances
        guard isOpen else {
            if snapshot.topology.distances != matrix {
                note(
                    "\(name) has distances of its own, which differ from those of --distances; its own are used.",
                    .contradiction)
            }
            return
        }
        snapshot.topology.distances = matrix
        notes.removeAll { $0.kind == .assumed && $0.text.mentions("--distances") }
        snapshot.notes = notes.map(\.text)
    }
}
