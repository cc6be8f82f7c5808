extension GFPLayout {
    /// The mask as this kernel's `%pGg` prints it: the first matching names of its table joined by `|`, a hexadecimal
    /// rest for bits that the table does not name (`format_flags`, lib/vsprintf.c). Empty for an empty mask.
    ///
    /// Before 4.6 messages showed the number only; then this is the text of the trace events. A flag that this kernel
    /// does not have is added under its own name.
    public func describe(_ flags: GFPFlags) -> String {
        describe(flags, unknownBits: 0)
    }

    /// Like ``describe(_:)``, but from the number that this kernel stores.
    public func describe(kernelValue value: UInt64) -> String {
        let (flags, unknown) = flags(fromKernelValue: value)
        return describe(flags, unknownBits: unknown)
    }

    private func describe(_ flags: GFPFlags, unknownBits: UInt64) -> String {
        var rest = flags
        var words: [String] = []
        for (name, mask) in printTable where rest.isSuperset(of: mask) {
            words.append(name)
            rest.subtract(mask)
            if rest.isEmpty { break }
        }
        let foreign = rest.subtracting(self.flags)
        let number = (kernelValue(of: rest.intersection(self.flags)) ?? 0) | unknownBits
        words += foreign.members.compactMap(\.name)
        if number != 0 { words.append("0x" + String(number, radix: 16)) }
        return words.joined(separator: "|")
    }
}
