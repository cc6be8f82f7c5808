/// Where a value is in a document, for messages: `nodes[1].memory`, `sysctls["vm.min_free_kbytes"]`.
public struct JSONPath: Hashable, Sendable {
    /// The keys and indices from the root to the value.
    public var components: [Component]

    /// A step from a value into it.
    public enum Component: Hashable, Sendable {
        case key(String)
        case index(Int)
    }

    public init(_ components: [Component] = []) { self.components = components }

    /// The path of a member.
    public func appending(key: String) -> JSONPath { JSONPath(components + [.key(key)]) }

    /// The path of an element.
    public func appending(index: Int) -> JSONPath { JSONPath(components + [.index(index)]) }

    private static func isPlain(_ key: String) -> Bool {
        guard let first = key.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return key.utf8.allSatisfy { $0 == UInt8(ascii: "-") || $0 < 0x80 && JSONParser.isIdentifier($0) }
    }
}

extension JSONPath: CustomStringConvertible {
    /// Empty for the root.
    public var description: String {
        components.reduce(into: "") { text, component in
            switch component {
            case .index(let index): text += "[\(index)]"
            case .key(let key) where Self.isPlain(key): text += text.isEmpty ? key : ".\(key)"
            case .key(let key): text += "[\(JSONValue(key).text(pretty: false))]"
            }
        }
    }
}

extension JSONPath: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: Component...) { self.init(elements) }
}

extension JSONPath.Component: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    public init(stringLiteral value: String) { self = .key(value) }

    public init(integerLiteral value: Int) { self = .index(value) }
}
