import Topology

/// Sorts the lines of a pasted text by the texts that they belong to.
struct PastedTextReader {
    private(set) var sections: [PastedText.Section: [String]] = [:]
    /// The lines of files named with their path, by path from the root.
    private(set) var files: [String: [String]] = [:]
    private(set) var nodeMemory: [Int: [String]] = [:]
    private(set) var notes: [SourceNote] = []
    private var current: Place?
    /// Lines that occur once in each text, so that a second one begins another text of the same kind.
    private var heads: Set<String> = []
    private var unclaimed = 0
    private var firstUnclaimed = (line: 0, text: "")

    /// What a line belongs to.
    private enum Place: Hashable {
        case section(PastedText.Section)
        case file(String)
        case memory(Int)
        /// A second text of a kind.
        case second(PastedText.Section)
    }

    private var section: PastedText.Section? {
        switch current {
        case .section(let section), .second(let section): section
        case .memory: .meminfo
        case .file, nil: nil
        }
    }

    /// Reads a line; `index` is its number, from 0.
    mutating func read(_ raw: String, at index: Int) {
        let line = PastedLine(raw)
        if line.isFence {
            current = nil
        } else if let (path, content) = line.namedContent {
            current = nil
            files[path, default: []].append(content)
        } else if let prompted = line.promptedSection {
            current = prompted.section.map { .section($0) } ?? prompted.path.map { .file($0) }
        } else if !line.isBlank {
            place(line, at: index)
        }
    }

    private mutating func place(_ line: PastedLine, at index: Int) {
        if let node = line.nodeOfMemory {
            if current != .memory(node), nodeMemory[node] != nil {
                noteSecond(.meminfo, at: index)
                current = .second(.meminfo)
            } else if current != .second(.meminfo) {
                current = .memory(node)
                Self.put(line.text, at: index, in: &nodeMemory[node, default: []])
            }
            return
        }
        if case .file(let path) = current, line.section(after: nil) == nil {
            files[path, default: []].append(line.text)
            return
        }
        guard let section = line.section(after: section) else {
            current = nil
            noteUnclaimed(line, at: index)
            return
        }
        if let head = line.head(of: section), !heads.insert(head).inserted {
            if current != .second(section) { noteSecond(section, at: index) }
            current = .second(section)
        } else if current != .second(section) || line.head(of: section) != nil {
            current = .section(section)
        }
        if current == .section(section) { Self.put(line.text, at: index, in: &sections[section, default: []]) }
    }

    private mutating func noteSecond(_ section: PastedText.Section, at index: Int) {
        notes.append(
            SourceNote(
                .notUnderstood, line: index + 1,
                "A second \(section.title) begins here; only the first is read."))
    }

    private mutating func noteUnclaimed(_ line: PastedLine, at index: Int) {
        if unclaimed == 0 {
            firstUnclaimed = (index + 1, String(line.text.drop { $0 == " " }.prefix(40)))
        }
        unclaimed += 1
    }

    /// Notes all lines that do not belong to any known text.
    mutating func finish() {
        guard unclaimed > 0, !sections.isEmpty || !nodeMemory.isEmpty || !files.isEmpty else { return }
        notes.append(
            SourceNote(
                .notUnderstood, line: firstUnclaimed.line,
                unclaimed == 1
                    ? "This line belongs to no text known here: \"\(firstUnclaimed.text)\"."
                    : "\(unclaimed) lines belong to no text known here, the first is \"\(firstUnclaimed.text)\"."))
    }

    /// Adds a line. Lines of other texts are left empty, so that line numbers are kept.
    private static func put(_ text: String, at index: Int, in lines: inout [String]) {
        while lines.count < index { lines.append("") }
        lines.append(text)
    }
}
