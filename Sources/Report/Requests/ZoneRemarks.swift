import Topology

/// Remarks on the zones of a walk; a remark that is true of several zones is made once.
struct ZoneRemarks {
    private var remarks: [(words: String, zones: [ZoneReference])] = []

    mutating func add(_ words: String, _ zone: ZoneReference) {
        if let index = remarks.firstIndex(where: { $0.words == words }) {
            remarks[index].zones.append(zone)
        } else {
            remarks.append((words, [zone]))
        }
    }

    /// "node 0 Normal: above its mark, but ...", in the order in which the remarks were first made.
    var sentences: [String] { remarks.map { "\(ZoneNames.text($0.zones)): \($0.words)" } }
}
