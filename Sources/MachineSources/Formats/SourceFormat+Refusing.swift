import SourceText

extension SourceFormat {
    /// The format of an input.
    ///
    /// - Throws: ``SourceRefusal``, which says what the input is, if that can be determined, and what is accepted.
    static func of(_ input: SourceInput) throws(SourceRefusal) -> SourceFormat {
        if input.isEmpty { throw SourceRefusal("\(input.name): is empty; a machine is \(acceptedList)") }
        if let format = table.first(where: { $0.recognises(input) }) { return format }
        if let foreign = ForeignFormat.table.first(where: { $0.recognises(input) }) {
            throw SourceRefusal("\(input.name): \(foreign.sentence)")
        }
        if input.file != nil, !input.isBinary {
            let text = PastedText(Array(input.head.utf8))
            if !text.files.isEmpty {
                throw SourceRefusal(
                    "\(input.name): is \(list(text.found)), which has no memory; join it by + with a text that has "
                        + "it, as in '\(input.name) + zoneinfo.txt'")
            }
        }
        if input.isBinary { throw SourceRefusal("\(input.name): is binary data; a machine is \(acceptedList)") }
        throw SourceRefusal("\(input.name): nothing in it describes a machine; a machine is \(acceptedList)")
    }
}
