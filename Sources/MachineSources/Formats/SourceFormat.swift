import SourceText
import Topology

/// A form in which machines are described: how it is recognised and read, and what it is called when a source is
/// refused.
///
/// To add a format, write a file with an extension that has a constant of this type, and add the constant to ``table``.
struct SourceFormat: Sendable {
    /// The name: "a boot log".
    var name: String
    /// The name in the list of accepted forms: "a kernel's boot log (dmesg)".
    var accepted: String
    /// Whether an input has this form. The first form in the table that recognises an input reads it.
    var recognises: @Sendable (SourceInput) -> Bool
    /// Reads an input. Throws a readable sentence if that is not possible.
    var load: @Sendable (SourceInput) throws -> SourcePart

    /// All forms, the most certainly recognised ones first.
    static let table: [SourceFormat] = [
        .savedTree, .archive, .compact, .utilityJSON, .affinityTables, .deviceTree, .json, .libvirt, .hwlocXML, .likwid,
        .qemu, .kernelTexts, .kernelLog,
    ]

    /// The list of accepted forms, for a refusal.
    static var acceptedList: String {
        let names = table.map(\.accepted)
        return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    }
}

/// What one source states about a machine.
struct SourcePart {
    var facts: MachineFacts
    /// The kind of source: "a topology", "a boot log".
    var kind: String
    /// The name used from now on: the source's name, or the machine's place in it.
    var name: String
    /// Warnings about the description.
    var problems: [SourceProblem] = []
}
