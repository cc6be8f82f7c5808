import SourceText
import Topology

/// A form in which machines come: how it is recognised, how it is read, and what to call it where a source is refused.
///
/// To add a format, write a file with an extension that has a constant of this type, and add the constant to ``table``.
struct SourceFormat: Sendable {
    /// "a boot log".
    var name: String
    /// For the list of what is accepted: "a kernel's boot log (dmesg)".
    var accepted: String
    /// Whether an input is of this form. Asked in the order of the table; the first that says yes reads it.
    var recognises: @Sendable (SourceInput) -> Bool
    /// Reads it. Throws a sentence for people where it cannot.
    var load: @Sendable (SourceInput) throws -> SourcePart

    /// All forms, those that are recognised with more certainty first.
    static let table: [SourceFormat] = [
        .savedTree, .archive, .compact, .utilityJSON, .json, .libvirt, .hwlocXML, .qemu, .kernelTexts, .kernelLog,
    ]

    /// What is accepted, for a refusal.
    static var acceptedList: String {
        let names = table.map(\.accepted)
        return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    }
}

/// What one source says about a machine.
struct SourcePart {
    var facts: MachineFacts
    /// "a topology", "a boot log".
    var kind: String
    /// What it is called from now on: the source's name, or where in it the machine is.
    var name: String
    /// Warnings about a description.
    var problems: [SourceProblem] = []
}
