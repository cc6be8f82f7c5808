import SourceText
import Topology

extension SourceFormat {
    /// libvirt's domains, and its host's capabilities no: those list cells in another form.
    static let libvirt = SourceFormat(
        name: "a libvirt domain", accepted: "libvirt's domain XML with <cpu><numa>",
        recognises: { input in
            input.start.hasPrefix("<") && input.head.mentions("<numa>") && input.head.mentions("<cell ")
        },
        load: { input in
            var facts = MachineFacts(name: input.name)
            var machine = EmulatedMachine()
            var current: Int?
            for tag in XMLTag.all(in: String(decoding: input.bytes, as: UTF8.self)) {
                switch tag.name {
                case "cell":
                    let id = tag["id"].flatMap { Int($0) } ?? machine.nodes.count
                    current = id
                    var node = EmulatedMachine.Node()
                    node.cpus = (tag["cpus"] ?? "").split(separator: ",").flatMap {
                        CommandWords.range(String($0)) ?? []
                    }
                    node.memory = tag["memory"].flatMap { CommandWords.bytes($0 + (tag["unit"] ?? "KiB"), unit: 1024) }
                    machine.nodes[id] = node
                case "sibling":
                    guard let current, let to = tag["id"].flatMap({ Int($0) }),
                        let value = tag["value"].flatMap({ UInt8($0) })
                    else { continue }
                    machine.distances[EmulatedMachine.Pair(from: current, to: to)] = value
                case "type":
                    switch tag["arch"] {
                    case "aarch64": machine.architecture = .arm64
                    case "i686": machine.architecture = .i386
                    case "riscv64": machine.architecture = .riscv64
                    case "x86_64", nil: break
                    case .some: machine.architecture = .other
                    }
                case "latency", "bandwidth": machine.ignored = ["<interconnects> (how fast memory is)"]
                default: continue
                }
            }
            try machine.add(to: &facts)
            return SourcePart(facts: facts, kind: "a libvirt domain", name: input.name)
        })
}

/// A tag of XML that has only simple attributes. Text, comments and entities are passed over.
struct XMLTag {
    var name: String
    private var attributes: [String: String] = [:]

    subscript(name: String) -> String? { attributes[name] }

    /// Opening tags, in order; of broken text as far as it goes.
    static func all(in text: String) -> [XMLTag] {
        var tags: [XMLTag] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "<") {
            rest = rest[rest.index(after: open)...]
            if rest.hasPrefix("!--") {
                guard let end = rest.firstRange(ofText: "-->") else { break }
                rest = rest[end.upperBound...]
                continue
            }
            guard let close = rest.firstIndex(of: ">") else { break }
            if let tag = XMLTag(rest[..<close]) { tags.append(tag) }
            rest = rest[rest.index(after: close)...]
        }
        return tags
    }

    private init?(_ text: Substring) {
        guard let first = text.first, first.isLetter else { return nil }
        name = String(text.prefix { !$0.isWhitespace && $0 != "/" })
        var rest = text.dropFirst(name.count)
        while let equals = rest.firstIndex(of: "=") {
            let key = rest[..<equals].split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
            rest = rest[rest.index(after: equals)...].drop(while: \.isWhitespace)
            guard let quote = rest.first, quote == "\"" || quote == "'" else { break }
            rest = rest.dropFirst()
            guard let end = rest.firstIndex(of: quote) else { break }
            attributes[key] = String(rest[..<end])
            rest = rest[rest.index(after: end)...]
        }
    }
}
