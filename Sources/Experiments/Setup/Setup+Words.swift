import GFP
import Topology

extension Setup {
    /// Reads `NAME:SOURCE,KEY=VALUE,...`. The source is given if the machine is not the scenario's own. Keys are
    /// `kernel` (with rules to change, each after a plus sign), `policy` (with the words of numactl(8)), and sysctls.
    ///
    /// ```swift
    /// let variant = try Setup(variant: "old:Config/laptop.json,kernel=6.1,vm.min_free_kbytes=65536")
    /// ```
    ///
    /// - Parameters:
    ///   - text: The text.
    /// - Throws: ``SetupError`` with what is wrong with it.
    public init(variant text: String) throws(SetupError) {
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
            throw SetupError(
                "variant \"\(text)\": begins with a name and a colon, as in old:Config/laptop.json,kernel=6.1")
        }
        self.init(name: String(text[..<colon]))
        for (number, part) in Self.parts(of: text[text.index(after: colon)...]).enumerated() {
            guard let equals = part.firstIndex(of: "=") else {
                guard number == 0 else {
                    throw SetupError(
                        "variant \"\(name)\": \"\(part)\" is neither KEY=VALUE nor the source, which is first")
                }
                source = part.isEmpty ? nil : part
                continue
            }
            try take(key: String(part[..<equals]), value: String(part[part.index(after: equals)...]))
        }
    }

    private mutating func take(key: String, value: String) throws(SetupError) {
        switch key {
        case "source": source = value
        case "kernel":
            do {
                kernel = try KernelChoice(value)
            } catch { throw SetupError("variant \"\(name)\": \(error)") }
        case "policy": policy = value.split(separator: " ").map(String.init)
        default:
            do {
                settings.append(try SettingChange("\(key)=\(value)"))
            } catch { throw SetupError("variant \"\(name)\": \(error)") }
        }
    }

    /// Splits at commas, except within a value: a part without an equals sign belongs to the part before it, as in
    /// `policy=--membind 0,1`.
    private static func parts(of text: Substring) -> [String] {
        var parts: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            if let last = parts.last, last.contains("="), !part.contains("=") {
                parts[parts.count - 1] = last + "," + part
            } else {
                parts.append(part)
            }
        }
        return parts
    }
}
