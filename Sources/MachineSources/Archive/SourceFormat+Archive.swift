import LibArchive
import SourceText
import Topology

extension SourceFormat {
    /// Archives that contain any of the other forms: a sosreport, an hwloc-gather tarball, a supportconfig, a kdump
    /// directory; and single compressed files.
    static let archive = SourceFormat(
        name: "an archive",
        accepted: "an archive or compressed file with one of these (.tar.*, .zip, .gz, .xz, .zst, .bz2)",
        recognises: { input in
            if case .archive = input.content { return true }
            return false
        },
        load: { input in
            guard case .archive(let archive) = input.content else {
                throw SourceRefusal("\(input.name): is not an archive")
            }
            let members = try archive.members { ArchivedMachine.wants($0) }
            if let only = members.first, members.count == 1, only.isFile, only.path.isEmpty {
                let file = SourceFile(name: input.name, bytes: only.bytes)
                return try part(SourceInput(name: input.name, content: .file(file), nth: input.nth))
            }
            let machine = ArchivedMachine(members)
            if let root = machine.root { return try part(machine, under: root, input) }
            return try partOfLogs(machine, input)
        })

    private static func part(_ input: SourceInput) throws -> SourcePart {
        try SourceFormat.of(input).load(input)
    }

    /// What was saved of /proc and /sys.
    private static func part(
        _ machine: ArchivedMachine, under root: String, _ input: SourceInput
    ) throws -> SourcePart {
        var facts = MachineFacts(name: input.name)
        facts.title = root.split(separator: "/").first.map(String.init) ?? ""
        let files = machine.files(under: root)
        try facts.read(FileTree(root: input.name, files: files.contents, directories: files.names))
        facts.note(
            "Of the archive \(files.contents.count) files under \"\(root.isEmpty ? "." : root)\" were looked at: "
                + ArchivedMachine.summary(of: Array(files.contents.keys)) + ".", .used)
        return SourcePart(facts: facts, kind: "a saved /proc and /sys in an archive", name: input.name)
    }

    /// A directory without a saved /proc, as kdump leaves one: its texts and logs. Nil if there are none.
    static func partOfLogs(in directory: String, _ input: SourceInput) throws -> SourcePart? {
        let members = ArchivedMachine.files(in: directory)
        return members.isEmpty ? nil : try partOfLogs(ArchivedMachine(members), input)
    }

    /// Texts and logs: the first one that is a machine, completed by others.
    private static func partOfLogs(_ machine: ArchivedMachine, _ input: SourceInput) throws -> SourcePart {
        var result: SourcePart?
        var used: [String] = []
        for member in machine.texts {
            let name = "\(input.name):\(member.path)"
            let inner = SourceInput(
                name: name, content: .file(SourceFile(name: name, bytes: member.bytes)),
                nth: result == nil ? input.nth : nil)
            guard let format = try? SourceFormat.of(inner), let part = try? format.load(inner) else { continue }
            // A text about CPUs alone is not a machine to begin with.
            var alone = part.facts
            guard result != nil || (try? alone.snapshot()) != nil else { continue }
            if var first = result {
                guard first.facts.complete == nil, part.facts.complete == nil else { continue }
                first.facts.fill(from: part.facts)
                result = first
            } else {
                result = part
            }
            used.append(member.path)
            if used.count >= ArchivedMachine.mostTexts { break }
        }
        guard var result else {
            throw SourceRefusal(
                "\(input.name): no machine is in it: no saved /proc or /sys, no kernel log and no description. "
                    + (machine.paths.isEmpty ? "" : "It has " + ArchivedMachine.summary(of: machine.paths) + "; ")
                    + "a machine is \(acceptedList)")
        }
        result.facts.note(
            "Of \(input.isDirectory ? "the directory" : "the archive"), \(used.joined(separator: ", ")) \(used.count == 1 ? "was" : "were") used.",
            .used)
        result.kind += input.isDirectory ? " in a directory" : " in an archive"
        return result
    }
}
