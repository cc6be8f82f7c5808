import SourceText
import Topology

/// The problems of the files that were checked.
public struct CheckReport: Hashable, Sendable {
    /// The files.
    public var files: [File]

    /// The result of one file.
    public struct File: Hashable, Sendable {
        /// The name as the user gave it.
        public var name: String
        /// What kind of file it is: "topology", "scenario", ...
        public var kind: String
        /// The problems, in the order of their places.
        public var problems: [SourceProblem]
        /// For a file without errors, what it describes, in a line.
        public var summary: String
        /// What of the source was used, assumed or not understood.
        public var notes: [SourceNote] = []

        /// Creates a result from its parts.
        public init(name: String, kind: String, problems: [SourceProblem], summary: String = "") {
            self.name = name
            self.kind = kind
            self.problems = problems
            self.summary = summary
        }

        /// Whether there is an error among the problems.
        public var hasErrors: Bool { problems.contains { $0.severity == .error } }
    }

    /// Creates a report from its files.
    public init(files: [File]) { self.files = files }

    /// Whether any file has an error.
    public var hasErrors: Bool { files.contains(where: \.hasErrors) }

    /// One problem a line, in the form that editors turn into links, then a line about the file.
    public func text(_ style: TextStyle = .plain) -> String {
        files.map { file in
            var text = ""
            for problem in file.problems {
                let role: TextStyle.Role = problem.severity == .error ? .bad : .warning
                text += style.apply(role, problem.description) + "\n"
            }
            for note in file.notes {
                let place = note.line.map { "\(file.name):\($0)" } ?? file.name
                text += "\(place): \(note.kind.rawValue): \(note.text)\n"
            }
            let errors = file.problems.count { $0.severity == .error }
            let warnings = file.problems.count - errors
            var counts: [String] = []
            if errors > 0 { counts.append(counted(errors, "error")) }
            if warnings > 0 { counts.append(counted(warnings, "warning")) }
            counts += file.noteCounts
            if counts.isEmpty { counts.append("no problems") }
            let what = file.summary.isEmpty ? file.kind : "\(file.kind), \(file.summary)"
            let verdict = "\(file.name): \(what): \(counts.joined(separator: ", "))"
            return text + style.apply(file.hasErrors ? .bad : .good, verdict) + "\n"
        }.joined()
    }

    /// The report for programs.
    public var json: JSONValue {
        [
            "ok": .init(!hasErrors),
            "files": .init(
                files.map { file in
                    [
                        "file": .init(file.name), "kind": .init(file.kind), "ok": .init(!file.hasErrors),
                        "summary": .init(file.summary), "problems": .init(file.problems.map(\.json)),
                        "notes": .init(file.notes.map(\.json)),
                    ]
                }),
        ]
    }
}

extension CheckReport.File {
    /// "2 assumed", for notes that may point to faults; those about what was used do not.
    fileprivate var noteCounts: [String] {
        [SourceNote.Kind.contradiction, .assumed, .notUnderstood].compactMap { kind in
            let count = notes.count { $0.kind == kind }
            guard count > 0 else { return nil }
            return kind == .contradiction ? counted(count, "contradiction") : "\(count) \(kind.rawValue)"
        }
    }
}

extension SourceNote {
    var json: JSONValue {
        ["kind": .init(kind.rawValue), "line": line.map { .init($0) } ?? nil, "text": .init(text)]
    }
}

extension SourceProblem {
    var json: JSONValue {
        [
            "severity": .init(severity.rawValue), "path": .init(path.description),
            "line": location.map { .init($0.line) } ?? nil, "column": location.map { .init($0.column) } ?? nil,
            "message": .init(message),
        ]
    }
}
