import KernelText
import SourceText
import Topology

extension SourceFormat {
    /// Texts of procfs and outputs of tools in one file: a single one, or several pasted one after another.
    static let kernelTexts = SourceFormat(
        name: "the kernel's texts",
        accepted: "the text of /proc/zoneinfo, numactl -H and their like, alone or pasted together",
        recognises: { input in
            guard input.file != nil, !input.isBinary else { return false }
            // The lines of a log may contain anything; a boot log is recognised by its beginning.
            let text = PastedText(Array(input.head.utf8))
            return (text.tellsMachine || input.isPart && !text.files.isEmpty)
                && !input.head.mentions("Early memory node ranges")
                && !input.head.mentions("Mem-Info:") && !input.head.mentions("Zone ranges:")
                && !input.head.mentions("early_node_map[")
        },
        load: { input in
            let text = PastedText(input.bytes)
            var facts = MachineFacts(name: input.name)
            facts.notes = text.notes
            try facts.read(FileTree(root: input.name, files: text.files, isText: true))
            if text.found == ["numactl -H"] { facts.title = input.name }
            return SourcePart(facts: facts, kind: kind(of: text), name: input.name)
        })

    private static func kind(of text: PastedText) -> String {
        if text.found == ["numactl -H"] { return "the output of numactl -H" }
        return text.found.isEmpty ? "the kernel's texts" : list(text.found)
    }

    /// The names as a list: "a, b and c".
    static func list(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }

    /// A directory with the contents of a machine's /proc and /sys.
    static let savedTree = SourceFormat(
        name: "a saved /proc and /sys", accepted: "a directory with a saved /proc or /sys",
        recognises: { input in
            if case .directory = input.content { return true }
            return false
        },
        load: { input in
            guard case .directory(let path) = input.content else {
                throw SourceRefusal("\(input.name): is not a directory")
            }
            let facts = try HostReader(root: path).facts()
            if facts.tellsNothing, let part = try partOfLogs(in: path, input) { return part }
            // Alone, such a directory is refused once a machine is to be made of it; beside others it would pass unseen.
            if input.isPart, facts.isEmpty { throw HostReadError.nothingToRead(path: path) }
            return SourcePart(facts: facts, kind: "a saved /proc and /sys", name: input.name)
        })
}
