/// The name of a member, or a string, in a text that ``JSONScanner`` reads. It is not a copy, and is valid as long as
/// the text.
package struct JSONName {
    let bytes: UnsafeBufferPointer<UInt8>
    /// Where it begins in the text.
    package let offset: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>, offset: Int) {
        self.bytes = bytes
        self.offset = offset
    }

    /// A copy as a string.
    package var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Finds which of a few known names a name is, in a single look-up.
package struct JSONNameTable: Sendable {
    private let names: [[UInt8]]
    /// Positions in ``names``, by hash; 0xFF: none.
    private let slots: [UInt8]

    /// - Precondition: There are fewer than 100 names, all different.
    package init(_ names: [String]) {
        precondition(names.count < 100)
        self.names = names.map { Array($0.utf8) }
        var slots = [UInt8](repeating: 0xFF, count: 256)
        for (position, name) in self.names.enumerated() {
            var slot = name.withUnsafeBufferPointer { Self.slot(of: $0) }
            while slots[slot] != 0xFF { slot = (slot + 1) & 255 }
            slots[slot] = UInt8(position)
        }
        self.slots = slots
    }

    /// The position of a name in the list that the table was made from; nil if it is not there.
    package func position(of name: JSONName) -> Int? {
        var slot = Self.slot(of: name.bytes)
        while slots[slot] != 0xFF {
            let position = Int(slots[slot])
            if Self.isSame(names[position], name.bytes) { return position }
            slot = (slot + 1) & 255
        }
        return nil
    }

    @inline(__always)
    private static func slot(of name: UnsafeBufferPointer<UInt8>) -> Int {
        guard let first = name.first else { return 0 }
        let (middle, last) = (name[name.count / 2], name[name.count - 1])
        return (Int(first) &* 7 &+ Int(middle) &* 31 &+ Int(last) &* 3 &+ name.count &* 67) & 255
    }

    @inline(__always)
    private static func isSame(_ known: [UInt8], _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        guard known.count == name.count else { return false }
        for index in 0..<known.count where known[index] != name[index] { return false }
        return true
    }
}
