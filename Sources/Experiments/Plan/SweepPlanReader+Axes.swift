import GFP
import PageAllocator
import SourceText
import Topology

extension SweepPlanReader {
    /// Names that are already used for other columns of the table.
    private static let taken = ["cell", "rules", "passed", "error"] + Measure.allCases.map(\.rawValue)

    mutating func axes(_ value: JSONValue) -> [SweepAxis] {
        var axes: [SweepAxis] = []
        for member in shapes.members(value) {
            guard !Self.taken.contains(member.key) else {
                shapes.report(
                    member.value, "\"\(member.key)\" is another column of the table: give the axis another name")
                continue
            }
            var values: [SweepAxis.Value] = []
            for element in elements(member.value, of: member.key) {
                guard let found = self.value(element, of: member.key) else { continue }
                if values.contains(where: { $0.label == found.label }) {
                    shapes.report(element, "\"\(found.label)\" appears twice on this axis")
                } else {
                    values.append(found)
                }
            }
            if values.isEmpty, shapes.isClean { shapes.report(member.value, "an axis needs a value") }
            // Scenarios and traces share one axis.
            if ["scenario", "trace"].contains(member.key),
                let other = axes.firstIndex(where: { ["scenario", "trace"].contains($0.name) })
            {
                axes[other].name = "workload"
                axes[other].values += values
            } else {
                axes.append(SweepAxis(name: member.key, values: values))
            }
        }
        return axes
    }

    /// The elements of a list or a single value; for seeds also of a text such as `"1-10"`.
    private mutating func elements(_ value: JSONValue, of axis: String) -> [JSONValue] {
        if let list = value.array { return list }
        guard axis == "seed", let text = value.string else { return [value] }
        do throws(NumberList.Invalid) {
            return try NumberList.parse(text, below: 1 << 20).map { JSONValue($0) }
        } catch {
            shapes.report(value, error.description)
            return []
        }
    }

    private mutating func value(_ value: JSONValue, of axis: String) -> SweepAxis.Value? {
        if value.object != nil { return bundle(value) }
        guard let change = change(value, of: axis) else { return nil }
        let label = value.string ?? value.text(pretty: false)
        return SweepAxis.Value(label: label.isEmpty ? "none" : label, changes: [change])
    }

    /// Reads several changes under one name.
    private mutating func bundle(_ value: JSONValue) -> SweepAxis.Value? {
        let object = value.object ?? JSONObject()
        guard let name = object["name"].flatMap({ shapes.string($0) }), !name.isEmpty else {
            shapes.report(value, "a value with several settings needs a \"name\"")
            return nil
        }
        var changes: [SweepAxis.Change] = []
        for member in object.members where member.key != "name" {
            if let change = change(member.value, of: member.key) { changes.append(change) }
        }
        return SweepAxis.Value(label: name, changes: changes)
    }

    private mutating func change(_ value: JSONValue, of key: String) -> SweepAxis.Change? {
        switch key {
        case "source": shapes.string(value).flatMap { source($0, value) }
        case "scenario": shapes.string(value).map { .workload(.scenario(beside($0))) }
        case "trace": shapes.string(value).map { .workload(.trace(beside($0))) }
        case "policy": shapes.string(value).map { .policy($0.split(separator: " ").map(String.init)) }
        case "seed": shapes.number(value, 0...Int.max).map { .seed(UInt64($0)) }
        case "kernel": kernel(value)
        default: setting(value, key)
        }
    }

    private mutating func source(_ name: String, _ value: JSONValue) -> SweepAxis.Change? {
        guard name != "-" else {
            shapes.report(value, "standard input cannot be read for every cell: save it to a file")
            return nil
        }
        return .source(beside(name))
    }

    private mutating func kernel(_ value: JSONValue) -> SweepAxis.Change? {
        guard let text = shapes.string(value) else { return nil }
        do throws(RuleError) { return .kernel(try KernelChoice(text)) } catch {
            shapes.report(value, error.description)
            return nil
        }
    }

    private mutating func setting(_ value: JSONValue, _ key: String) -> SweepAxis.Change? {
        guard SettingChange.names.contains(key) else {
            let known = ["source", "kernel", "policy", "scenario", "trace", "seed"] + SettingChange.names
            let suggestion = Spelling.suggestion(for: key, among: known)
            shapes.report(
                value,
                "\"\(key)\" cannot be varied\(suggestion.isEmpty ? "; there is \(known.joined(separator: ", "))" : suggestion)"
            )
            return nil
        }
        return .setting(SettingChange(name: key, value: value.string ?? value.text(pretty: false)))
    }
}
