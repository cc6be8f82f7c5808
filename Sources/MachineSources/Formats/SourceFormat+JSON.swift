import Recordings
import Scenarios
import SourceText
import Topology

extension SourceFormat {
    /// Our own descriptions: topologies, snapshots, scenarios and recordings.
    static let json = SourceFormat(
        name: "a JSON description", accepted: "a JSON description",
        recognises: { input in
            guard input.file != nil, !input.isBinary,
                ["{", "[", "//", "/*"].contains(where: input.start.hasPrefix)
            else { return false }
            // `dmesg --json`, `journalctl -o json` and containers' logs are logs; so may be what begins with `[
            // 0.000000]`.
            let start = input.start
            if start.hasPrefix("["), !start.hasPrefix("[{"), start.dropFirst().first != "\n" { return false }
            let logs = ["\"__CURSOR\"", "\"MESSAGE\"", "\"stream\":\"std", "\"dmesg\":"]
            return !logs.contains { start.mentions($0) } && !ForeignFormat.json.contains { $0.recognises(input) }
        },
        load: { input in
            guard let file = input.file else { throw SourceRefusal("\(input.name): is a directory") }
            let document = try JSONDocument(file, leavingLists: SnapshotJSON.longLists)
            let isWhole = !document.leavesLists || Snapshot.isDescribed(by: document)
            return try load(
                isWhole ? document : try JSONDocument(file), folder: input.folder, name: input.name)
        })

    /// Snapshots in their compact form.
    static let compact = SourceFormat(
        name: "a compact snapshot", accepted: "a compact snapshot (.nzs)",
        recognises: { CompactSnapshot.isCompact($0.bytes) },
        load: { input in
            guard let file = input.file else { throw SourceRefusal("\(input.name): is a directory") }
            let (snapshot, problems) = Snapshot.check(file)
            guard let snapshot else { throw SourceFaults(kind: "a snapshot", problems: problems) }
            return part(snapshot, "a snapshot", input.name, problems)
        })

    private static func load(_ document: JSONDocument, folder: String, name: String) throws -> SourcePart {
        if Recording.isRecording(document) {
            return part(try Recording(document).before, "a recording", name, [])
        }
        if Snapshot.isDescribed(by: document) {
            let (snapshot, problems) = Snapshot.check(document)
            guard let snapshot else { throw SourceFaults(kind: "a snapshot", problems: problems) }
            return part(snapshot, "a snapshot", name, problems)
        }
        if document.root["$schema"]?.string?.mentions("json-schema.org") == true {
            throw SourceRefusal(
                "\(name): is a JSON Schema, which describes descriptions and no machine", isHarmless: true)
        }
        guard document.root["steps"] != nil else {
            try refuseOther(document, name)
            let (topology, problems) = Topology.check(document)
            guard let topology else { throw SourceFaults(kind: "a topology", problems: problems) }
            return part(Snapshot(topology: topology, zones: []), "a topology", name, problems)
        }
        let (scenario, problems) = Scenario.check(document, folder: folder)
        guard let scenario else { throw SourceFaults(kind: "a scenario", problems: problems) }
        switch scenario.start {
        case .snapshot(let snapshot): return part(snapshot, "a scenario", name, problems)
        case .topology(let topology):
            return part(Snapshot(topology: topology, zones: []), "a scenario", name, problems)
        }
    }

    /// Refuses JSON that has no member of any known description: it is from another tool.
    private static func refuseOther(_ document: JSONDocument, _ name: String) throws(SourceRefusal) {
        let keys = document.root.object?.keys ?? document.root.array?.first?.object?.keys ?? []
        // Members of scenarios and recordings whose identifying members are missing.
        let others: Set<String> = ["machine", "snapshot", "topology", "operations", "zones", "format"]
        guard !keys.isEmpty, !keys.contains(where: { others.contains($0) || Topology.mayMean($0) }) else { return }
        let shown = keys.prefix(3).map { "\"\($0.prefix(24))\"" }
        let beginning = document.root.object == nil ? "a list of objects with" : "an object with"
        throw SourceRefusal(
            "\(name): is JSON that describes no machine here (\(beginning) \(list(shown))\(keys.count > 3 ? " ..." : "")); "
                + "a description has \"nodes\", as those in Config/; else a machine is \(acceptedList)")
    }

    private static func part(
        _ snapshot: Snapshot, _ kind: String, _ name: String, _ problems: [SourceProblem]
    ) -> SourcePart {
        var facts = MachineFacts(name: name)
        facts.complete = snapshot
        facts.notes = snapshot.notes.map { SourceNote(.assumed, $0) }
        return SourcePart(facts: facts, kind: kind, name: name, problems: problems)
    }
}
