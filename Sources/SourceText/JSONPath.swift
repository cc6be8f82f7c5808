/// Where a value is in a document, for messages: `nodes[1].memory`, `sysctls["vm.min_free_kbytes"]`.
public struct JSONPath: Hashable, Sendable {
    public private(set) var text = ""

    public init() {}

    public mutating func append(key: String) {
        if Self.isPlain(key) {
            text += text.isEmpty ? key : ".\(key)"
        } else {
            text += "[\(JSONValue(key).text(pretty: false))]"
        }
    }

    public mutating func append(index: Int) { text += "[\(index)]" }

    public func appending(key: String) -> JSONPath {
        var path = self
        path.append(key: key)
        return path
    }

    public func appending(index: Int) -> JSONPath {
        var path = self
        path.append(index: index)
        return path
    }

    private static func isPlain(_ key: String) -> Bool {
        guard let first = key.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
        return key.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                || "_$-".unicodeScalars.contains($0)
        }
    }
}

extension JSONPath: CustomStringConvertible {
    public var description: String { text }
}
