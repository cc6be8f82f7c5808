import SourceText
import Topology

extension SourceFormat {
    /// libvirt's domains (`virsh dumpxml`), and its hosts (`virsh capabilities`), whose cells have the same as content.
    static let libvirt = SourceFormat(
        name: "a libvirt domain", accepted: "libvirt's domain XML with <cpu><numa>, or virsh capabilities",
        recognises: { input in
            input.start.hasPrefix("<")
                && (input.head.mentions("<domain") && input.head.mentions("<memory")
                    || input.head.mentions("<numa>") && input.head.mentions("<cell ")
                    || input.head.mentions("<capabilities") && input.head.mentions("<cells"))
        },
        load: { input in
            var facts = MachineFacts(name: input.name)
            var machine = EmulatedMachine()
            var current: Int?
            var isHost = false
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
                case "capabilities": isHost = true
                case "memory":
                    let bytes = CommandWords.bytes(tag.content + (tag["unit"] ?? "KiB"), unit: 1024)
                    if let current, isHost { machine.nodes[current]?.memory = bytes }
                    if !isHost { machine.memory = machine.memory ?? bytes }
                case "vcpu":
                    if let count = Int(tag.content) { machine.cpuCount = min(max(count, 1), 1 << 16) }
                case "cpu":
                    if isHost, let current, let cpu = tag["id"].flatMap({ Int($0) }), (0..<1 << 16).contains(cpu) {
                        machine.nodes[current]?.cpus.append(cpu)
                        machine.cpuCount = 0
                    }
                case "arch": if isHost, current == nil { machine.setArchitecture(tag.content) }
                case "sibling":
                    guard let current, let to = tag["id"].flatMap({ Int($0) }),
                        let value = tag["value"].flatMap({ UInt8($0) })
                    else { continue }
                    machine.distances[EmulatedMachine.Pair(from: current, to: to)] = value
                case "type": if let name = tag["arch"] { machine.setArchitecture(name) }
                case "latency", "bandwidth": machine.ignored = ["<interconnects> (how fast memory is)"]
                default: continue
                }
            }
            try machine.add(to: &facts)
            return SourcePart(facts: facts, kind: "a libvirt domain", name: input.name)
        })
}

extension EmulatedMachine {
    fileprivate mutating func setArchitecture(_ name: String) { architecture = MachineFacts.architecture(named: name) }
}

/// An XML tag with simple attributes only. Comments and entities are ignored.
struct XMLTag {
    var name: String
    /// The text up to the next tag, trimmed.
    private(set) var content = ""
    private var attributes: [String: String] = [:]

    subscript(name: String) -> String? { attributes[name] }

    /// The opening tags in order; of broken text, as far as it can be read.
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
            let opening = XMLTag(rest[..<close])
            rest = rest[rest.index(after: close)...]
            guard var tag = opening else { continue }
            tag.content = rest.prefix { $0 != "<" }.trimmed
            tags.append(tag)
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
