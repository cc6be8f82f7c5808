import SourceText

/// Makes documents that are well-formed and lie: one number, word or flag says what the rest of the document contradicts,
/// or a part of a list appears twice.
///
/// Random damage of bytes seldom gets past the parser. This goes past it every time, to where readers must check that what
/// is named (a node, a CPU, a zone, an order, a page frame, a list) is there.
public struct Liar {
    private let root: JSONValue
    private var places: [JSONPath] = []

    public init(_ document: JSONDocument) {
        root = document.root
        collect(root, [])
    }

    /// How many places there are at which something can be replaced.
    public var count: Int { places.count }

    /// A document with one lie, and where it is.
    ///
    /// - Parameters:
    ///   - place: Below ``count``.
    ///   - choice: Which lie; any number.
    public func lie(at place: Int, choice: UInt64) -> (document: JSONDocument, path: JSONPath)? {
        guard !places.isEmpty else { return nil }
        let path = places[place % places.count]
        let changed = replacing(root, path.components[...], choice)
        guard let document = try? JSONDocument(text: changed.text(pretty: false), name: "lie") else { return nil }
        return (document, path)
    }

    private mutating func collect(_ value: JSONValue, _ path: [JSONPath.Component]) {
        switch value.kind {
        case .array(let elements):
            for (index, element) in elements.enumerated() { collect(element, path + [.index(index)]) }
        case .object(let object):
            for member in object.members { collect(member.value, path + [.key(member.key)]) }
        case .null, .bool, .integer, .number, .string: places.append(JSONPath(path))
        }
    }

    private func replacing(
        _ value: JSONValue, _ path: ArraySlice<JSONPath.Component>, _ choice: UInt64
    ) -> JSONValue {
        guard let first = path.first else { return Self.lie(value, choice, another: another(choice)) }
        switch (value.kind, first) {
        case (.array(var elements), .index(let index)):
            let changed = replacing(elements[index], path.dropFirst(), choice)
            // Now and then an element appears twice, and one after it is missing.
            if choice % 16 == 15, elements.count > 1 {
                elements[(index + 1) % elements.count] = elements[index]
            } else {
                elements[index] = changed
            }
            return JSONValue(elements)
        case (.object(var object), .key(let key)):
            guard let member = object[key] else { return value }
            object[key] = replacing(member, path.dropFirst(), choice)
            return JSONValue(object)
        default: return value
        }
    }

    /// A value from elsewhere in the document.
    private func another(_ choice: UInt64) -> JSONValue {
        let path = places[Int((choice >> 8) % UInt64(places.count))]
        return path.components.reduce(root) { value, component in
            switch component {
            case .index(let index): value[index] ?? .init(.null)
            case .key(let key): value[key] ?? .init(.null)
            }
        }
    }

    private static func lie(_ value: JSONValue, _ choice: UInt64, another: JSONValue) -> JSONValue {
        switch value.kind {
        case .bool(let flag): return JSONValue(!flag)
        case .string: return choice % 4 == 0 ? "nothing" : another
        case .null: return choice % 2 == 0 ? 0 : another
        case .array, .object: return value
        case .integer(let number):
            let lies: [Int64] = [
                number &+ 1, number &- 1, ~number, 0, 1, number &* 2, number ^ 1, 14, 64, 1 << 13, 1 << 31, 1 << 32,
                1 << 52, .max, .min,
            ]
            let index = Int(choice % 16)
            return index < lies.count ? JSONValue(lies[index]) : another
        case .number: return choice % 2 == 0 ? -1 : another
        }
    }
}
