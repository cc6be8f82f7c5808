import PageAllocator
import SourceText
import Topology

/// A session's operations as a scenario: the verb `run` plays it with the same results, page frame for page frame.
struct LiveScenario {
    let start: LiveStart
    let operations: [LiveOperation]
    /// The setting in which the second machine differs; nil: there is only one machine.
    let rival: SettingChange?

    /// The group of all blocks: they are freed in order, whichever request they came from.
    private static let group = "blocks"

    var json: JSONValue {
        var scenario: JSONObject = [
            "name": JSONValue(VisibleText.of(start.name)), "about": JSONValue(about),
        ]
        // A machine that has not booted is stored as its description, a running one as its whole state.
        if start.snapshot.zones.isEmpty {
            scenario["topology"] = start.snapshot.topology.json
        } else {
            scenario["state"] = start.snapshot.json
        }
        scenario["steps"] = JSONValue(operations.compactMap(step))
        return JSONValue(scenario)
    }

    private var about: String {
        let played = "What was done with numazones serve"
        guard let rival else { return played }
        return "\(played). The second machine: numazones compare --scenario THIS --set \(rival.name)=\(rival.value)"
    }

    private func step(_ operation: LiveOperation) -> JSONValue? {
        switch operation {
        case .request(let asked):
            var step: JSONObject = [
                "alloc": JSONValue(asked.words.mask), "order": JSONValue(Int(asked.request.order.rawValue)),
                "cpu": JSONValue(Int(asked.request.cpu.rawValue)), "count": JSONValue(asked.count),
                "until": "failure", "name": JSONValue(Self.group),
            ]
            if !asked.words.policy.isEmpty { step["policy"] = JSONValue(asked.words.policy) }
            return JSONValue(step)
        case .free(let count): return ["free": JSONValue(Self.group), "last": JSONValue(count)]
        case .set(let change):
            let value = Int(change.value).map { JSONValue($0) } ?? JSONValue(change.value)
            return ["set": JSONValue(JSONObject([(change.name, value)]))]
        case .drain: return ["drain": "all"]
        case .rival: return nil
        }
    }
}
