import GFP
import SourceText

/// A setting as sysctl(8) writes it: `vm.min_free_kbytes=65536`.
public struct SettingChange: Hashable, Sendable {
    /// The name, including "vm.".
    public var name: String
    /// The value as text.
    public var value: String

    /// Every setting's name, including "vm.".
    public static var names: [String] { Sysctl.names.map { "vm." + $0 } }

    public init(name: String, value: String) {
        self.name = name.hasPrefix("vm.") ? name : "vm." + name
        self.value = value
    }

    /// Reads `NAME=VALUE`; "vm." may be omitted.
    ///
    /// - Throws: ``SettingError`` for any other form.
    public init(_ text: String) throws(SettingError) {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw SettingError(text: text, problem: "a setting is NAME=VALUE, as in vm.min_free_kbytes=65536")
        }
        let value = text[text.index(after: equals)...].filter { $0 != "\"" }
        self.init(name: String(text[..<equals]), value: value)
        guard !value.isEmpty else { throw SettingError(text: text, problem: "the value is missing") }
    }
}

/// Why a setting cannot be changed.
public struct SettingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The change as given.
    public var text: String
    /// What is wrong with it.
    public var problem: String

    public var description: String { "setting \"\(text)\": \(problem)" }
}

extension Topology {
    /// Changes settings, all or none.
    ///
    /// - Throws: ``SettingError`` for a name that is not a setting, or a value that the kernel does not accept.
    public mutating func apply(_ changes: [SettingChange]) throws(SettingError) {
        var changed = sysctls
        for change in changes {
            let text = "\(change.name)=\(change.value)"
            let known = Sysctl.names.map { "vm." + $0 }
            guard known.contains(change.name) else {
                let suggestion = Spelling.suggestion(for: change.name, among: known)
                let list = suggestion.isEmpty ? "; it reads \(known.joined(separator: ", "))" : suggestion
                throw SettingError(text: text, problem: "the allocator reads no such sysctl\(list)")
            }
            let isNumber = Int(change.value) != nil
            let value: JSONValue = isNumber ? .init(Int(change.value) ?? 0) : .init(change.value)
            var object = JSONObject()
            object[change.name] = value
            let document: JSONDocument
            do {
                document = try JSONDocument(SourceFile(name: "--set", text: JSONValue(object).text()))
            } catch {
                throw SettingError(text: text, problem: error.message)
            }
            var shapes = JSONShapes(document)
            let next = Sysctls(document.root, &shapes, architecture, before: changed)
            if let problem = shapes.problems.first(where: { $0.severity == .error }) {
                throw SettingError(text: text, problem: problem.message)
            }
            if let problem = sysctlProblems(with: next).first(where: { $0.severity == .error }) {
                throw SettingError(text: text, problem: problem.message)
            }
            changed = next
        }
        sysctls = changed
    }
}
