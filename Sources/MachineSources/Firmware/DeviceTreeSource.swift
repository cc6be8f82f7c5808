import SourceText

/// A device tree in source form, as `dtc` reads and writes it: nodes, and properties with numbers or words. What it
/// includes, refers to or computes is not followed.
struct DeviceTreeSource {
    /// A node with its properties and inner nodes.
    struct Node {
        /// With the address after `@`.
        var name: String
        /// Numbers of `<...>`, in order.
        var cells: [String: [UInt64]] = [:]
        /// Words of `"..."`, in order; of a property without a value none.
        var words: [String: [String]] = [:]
        var children: [Node] = []

        /// The name without the address.
        var baseName: Substring { name.prefix { $0 != "@" } }
        func has(_ property: String) -> Bool { cells[property] != nil || words[property] != nil }
    }

    private(set) var root = Node(name: "/")
    private var tokens: [Substring]
    private var position = 0

    init(_ text: String) {
        tokens = Self.tokens(of: text)
        var top = root
        while position < tokens.count {
            let token = tokens[position]
            position += 1
            // A file may have several parts of the root.
            if token == "/", position < tokens.count, tokens[position] == "{" {
                position += 1
                readBody(of: &top, depth: 0)
            }
        }
        root = top
    }

    private mutating func readBody(of node: inout Node, depth: Int) {
        var name: Substring = ""
        while position < tokens.count {
            let token = tokens[position]
            position += 1
            switch token {
            case "}": return
            case "{":
                var child = Node(name: String(name))
                if depth < 32 { readBody(of: &child, depth: depth + 1) } else { skipBody() }
                // Parts of a node that are given later add to it.
                if let index = node.children.firstIndex(where: { $0.name == child.name }) {
                    node.children[index].cells.merge(child.cells) { $1 }
                    node.children[index].words.merge(child.words) { $1 }
                    node.children[index].children += child.children
                } else {
                    node.children.append(child)
                }
                name = ""
            case "=":
                readValue(of: String(name), &node)
                name = ""
            case ";":
                if !name.isEmpty { node.words[String(name)] = [] }
                name = ""
            default: name = token
            }
        }
    }

    private mutating func readValue(of name: String, _ node: inout Node) {
        var isInCells = false
        var cells: [UInt64]? = nil
        var words: [String] = []
        while position < tokens.count, tokens[position] != ";" {
            let token = tokens[position]
            position += 1
            if token == "<" {
                isInCells = true
                cells = cells ?? []
            } else if token == ">" {
                isInCells = false
            } else if isInCells {
                // What is not a number, such as a reference, keeps its place.
                cells?.append(Self.number(token) ?? 0)
            } else if token.first == "\"" {
                words.append(String(token.dropFirst()))
            }
        }
        if let cells { node.cells[name] = cells } else { node.words[name] = words }
    }

    private mutating func skipBody() {
        var depth = 1
        while position < tokens.count, depth > 0 {
            if tokens[position] == "{" { depth += 1 } else if tokens[position] == "}" { depth -= 1 }
            position += 1
        }
    }

    private static func number(_ token: Substring) -> UInt64? {
        token.hasPrefix("0x") || token.hasPrefix("0X")
            ? UInt64(token.dropFirst(2), radix: 16) : UInt64(token)
    }

    /// Splits a text into words and signs; a quoted word begins with its quotation mark. Comments, labels and lines of the
    /// preprocessor are left out.
    private static func tokens(of text: String) -> [Substring] {
        var tokens: [Substring] = []
        var rest = text[...]
        while let first = rest.first {
            if first.isWhitespace || first == "," {
                rest = rest.dropFirst()
            } else if rest.hasPrefix("/*") {
                guard let end = rest.firstRange(ofText: "*/") else { break }
                rest = rest[end.upperBound...]
            } else if rest.hasPrefix("//") || rest.hasPrefix("#include") || rest.hasPrefix("#define") {
                rest = rest.drop { !$0.isNewline }
            } else if first == "\"" {
                let word = rest.dropFirst().prefix { $0 != "\"" }
                tokens.append(rest[rest.startIndex..<word.endIndex])
                rest = rest[word.endIndex...].dropFirst()
            } else if "{}<>=;".contains(first) || rest.hasPrefix("/ ") || rest.hasPrefix("/{") {
                tokens.append(rest.prefix(1))
                rest = rest.dropFirst()
            } else {
                let word = rest.prefix { !$0.isWhitespace && !"{}<>=;\"".contains($0) }
                // A property's name may have a comma, as in `linux,cma`; a label ends in a colon.
                if word.last != ":" { tokens.append(word.last == "," ? word.dropLast() : word) }
                rest = rest[word.endIndex...]
            }
        }
        return tokens
    }
}
