import GFP
import Topology

/// The files of `/proc/sys/vm`, by name.
public struct VMSysctlText: Hashable, Sendable {
    /// The text of each file that was read and understood, by name.
    public private(set) var values: [String: String] = [:]

    /// The files whose settings the allocator reads.
    public static let names = Sysctl.all.flatMap { [$0.name] + ($0.formerName.map { [$0] } ?? []) }.sorted()

    public init() {}

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - text: The file's contents.
    ///   - name: The file's name without directories.
    ///   - path: What errors call the file.
    /// - Throws: ``KernelTextError`` for a file that is not such a setting, or has no valid value.
    public mutating func read(_ text: String, of name: String, path: String) throws(KernelTextError) {
        guard let sysctl = Sysctl.named(name) else {
            throw KernelTextError(file: path, problem: "'\(name)' is not a setting that the allocator reads")
        }
        let fields = text.split(whereSeparator: \.isWhitespace)
        var scratch = Sysctls()
        guard scratch.read(sysctl, text: text, zones: ZoneKind.allCases) else {
            guard let wrong = fields.first(where: { Int($0).map { !(0...Int(Int32.max)).contains($0) } ?? true }) else {
                throw KernelTextError(file: path, problem: "empty; expected a number")
            }
            throw KernelTextError(
                file: path, line: 1, problem: "'\(wrong.prefix(24))' is not a number from 0 to \(Int32.max)")
        }
        values[sysctl.name] = text
    }

    /// Adds the files of another reading that this one lacks.
    ///
    /// - Parameters:
    ///   - other: The other reading.
    /// - Returns: The names of the files that both have with different values.
    @discardableResult
    public mutating func fill(from other: VMSysctlText) -> [String] {
        func fields(_ text: String) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }
        let different = other.values.filter { name, text in values[name].map { fields($0) != fields(text) } ?? false }
        values.merge(other.values) { own, _ in own }
        return different.keys.sorted()
    }

    /// Whether no file was read.
    public var isEmpty: Bool { values.isEmpty }

    /// The settings; those not read have the kernel's defaults.
    ///
    /// - Parameters:
    ///   - zones: The kernel's zones in order of index, for `lowmem_reserve_ratio`.
    public func sysctls(zones: [ZoneKind]) -> Sysctls {
        var sysctls = Sysctls()
        change(&sysctls, zones: zones)
        return sysctls
    }

    /// Makes the settings that were read, and leaves the others as they are.
    ///
    /// - Parameters:
    ///   - sysctls: The settings to change.
    ///   - zones: As in ``sysctls(zones:)``.
    public func change(_ sysctls: inout Sysctls, zones: [ZoneKind]) {
        for sysctl in Sysctl.all {
            if let text = values[sysctl.name] { sysctls.read(sysctl, text: text, zones: zones) }
        }
    }
}
