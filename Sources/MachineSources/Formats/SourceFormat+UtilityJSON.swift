import SourceText
import Topology

extension SourceFormat {
    /// The outputs of util-linux's `lscpu -J`, `lscpu -e -J` and `lsmem -J`, which contain the same as the plain
    /// outputs.
    static let utilityJSON = SourceFormat(
        name: "JSON of lscpu or lsmem", accepted: "JSON of lscpu or lsmem",
        recognises: { UtilityJSON.Kind($0) != nil },
        load: { input in
            guard let file = input.file, let kind = UtilityJSON.Kind(input) else {
                throw SourceRefusal("\(input.name): is no JSON of lscpu or lsmem")
            }
            let document = try JSONDocument(file)
            var facts = MachineFacts(name: input.name)
            try facts.read(
                FileTree(
                    root: input.name, files: [kind.tool: Array(UtilityJSON.text(of: kind, document).utf8)],
                    isText: true))
            return SourcePart(facts: facts, kind: "JSON of \(kind.tool)", name: input.name)
        })
}

/// util-linux's JSON, converted to the plain text of the same tool.
enum UtilityJSON {
    enum Kind: CaseIterable {
        /// `{"lscpu": [{"field": "NUMA node0 CPU(s):", "data": "0-3"}]}`; from 2.37 on, fields are nested.
        case summary
        /// `{"cpus": [{"cpu": 0, "node": 0}]}`.
        case table
        /// `{"memory": [{"range": "0x0-0x7fffffff", "node": 0}]}`.
        case memory

        init?(_ input: SourceInput) {
            guard input.start.hasPrefix("{") else { return nil }
            let start = input.start.prefix(256).filter { !$0.isWhitespace }
            guard let kind = Self.allCases.first(where: { start.hasPrefix("{\"\($0.key)\":[") }) else { return nil }
            self = kind
        }

        var key: String {
            switch self {
            case .summary: "lscpu"
            case .table: "cpus"
            case .memory: "memory"
            }
        }

        var tool: String { self == .memory ? "lsmem" : "lscpu" }
    }

    static func text(of kind: Kind, _ document: JSONDocument) -> String {
        let rows = document.root[kind.key]?.array ?? []
        switch kind {
        case .summary: return rows.map(lines).joined()
        case .table:
            return "CPU NODE\n" + rows.map { "\(word($0["cpu"])) \(word($0["node"]))\n" }.joined()
        case .memory:
            return rows.map { row in
                (row.object?.members ?? []).map { "\($0.key.uppercased())=\"\(word($0.value))\"" }
                    .joined(separator: " ") + "\n"
            }.joined()
        }
    }

    /// The lines of a field and of those nested in it.
    private static func lines(_ entry: JSONValue) -> String {
        let own = entry["field"]?.string.map { $0 + " " + (entry["data"]?.string ?? "") + "\n" } ?? ""
        return own + (entry["children"]?.array ?? []).map(lines).joined()
    }

    private static func word(_ value: JSONValue?) -> String {
        value?.string ?? value?.int.map(String.init) ?? value?.bool.map { $0 ? "yes" : "no" } ?? "-"
    }
}
