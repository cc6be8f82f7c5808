import SourceText
import Topology

extension SourceFormat {
    /// The firmware's tables of nodes (SRAT) and distances (SLIT), as `iasl -d` writes them, one or both in a file.
    static let affinityTables = SourceFormat(
        name: "a firmware table", accepted: "the firmware's tables SRAT and SLIT, as 'iasl -d' writes them",
        recognises: { input in
            guard input.file != nil, !input.isBinary else { return false }
            return input.head.contains("Signature : \"SRAT\"") || input.head.contains("Signature : \"SLIT\"")
        },
        load: { input in
            let tables = AffinityTables(String(decoding: input.bytes, as: UTF8.self))
            var facts = MachineFacts(name: input.name)
            tables.add(to: &facts)
            guard !facts.nodes.isEmpty else {
                throw SourceRefusal("\(input.name): is a firmware table (SRAT, SLIT) with no entry that could be read")
            }
            return SourcePart(facts: facts, kind: "the firmware's tables", name: input.name)
        })
}
