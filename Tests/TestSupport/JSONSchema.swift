import SourceText

/// The part of JSON Schema 2020-12 that the project's own schemas use. A keyword that is not known is an error: a schema must
/// not promise what nobody checks.
public struct JSONSchema {
    private let root: JSONValue

    public init(_ document: JSONDocument) { root = document.root }

    /// What of a value is not as the schema says, one line each.
    public func problems(_ value: JSONValue) -> [String] {
        var problems: [String] = []
        check(value, root, at: "$", &problems)
        return problems
    }

    private static let annotations: Set = ["$schema", "$id", "$defs", "title", "description", "examples"]

    private func check(_ value: JSONValue, _ schema: JSONValue, at path: String, _ problems: inout [String]) {
        for member in schema.object?.members ?? [] where !Self.annotations.contains(member.key) {
            let rule = member.value
            switch member.key {
            case "type":
                let names = rule.array?.compactMap(\.string) ?? [rule.string ?? ""]
                if !names.contains(where: { Self.isOf($0, value) }) {
                    problems.append("\(path): is \(value.kindName), not \(names.joined(separator: " or "))")
                }
            case "const":
                if value.text(pretty: false) != rule.text(pretty: false) {
                    problems.append("\(path): is \(value.text(pretty: false)), not \(rule.text(pretty: false))")
                }
            case "enum":
                let values = rule.array?.map { $0.text(pretty: false) } ?? []
                if !values.contains(value.text(pretty: false)) {
                    problems.append(
                        "\(path): is \(value.text(pretty: false)), not one of \(values.joined(separator: ", "))")
                }
            case "required":
                for key in rule.array?.compactMap(\.string) ?? [] where value.object != nil && value[key] == nil {
                    problems.append("\(path): lacks \(key)")
                }
            case "properties":
                for property in rule.object?.members ?? [] {
                    guard let part = value[property.key] else { continue }
                    check(part, property.value, at: "\(path).\(property.key)", &problems)
                }
            case "additionalProperties":
                guard rule.bool == false else { continue }
                let known = Set(schema["properties"]?.object?.keys ?? [])
                for key in value.object?.keys ?? [] where !known.contains(key) {
                    problems.append("\(path): has \(key), which the schema does not know")
                }
            case "items":
                for (index, element) in (value.array ?? []).enumerated() {
                    check(element, rule, at: "\(path)[\(index)]", &problems)
                }
            default: problems.append("\(path): the schema says \(member.key), which is not checked")
            }
        }
    }

    private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
        switch type {
        case "object": value.object != nil
        case "array": value.array != nil
        case "string": value.string != nil
        case "boolean": value.bool != nil
        case "integer": value.int != nil || value.text(pretty: false).allSatisfy(\.isNumber)
        case "number": value.double != nil || value.int != nil
        case "null": value.text(pretty: false) == "null"
        default: false
        }
    }
}
