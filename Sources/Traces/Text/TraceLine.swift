/// The bytes of one line, read front to back; only its end is checked.
struct TraceLine {
    let base: UnsafePointer<UInt8>
    let count: Int
    var position = 0

    @inline(__always)
    init(base: UnsafePointer<UInt8>, count: Int) {
        self.base = base
        self.count = count
    }

    /// Whether the line has `text` at an offset.
    @inline(__always)
    func has(_ text: StaticString, at offset: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard offset >= 0, count - offset >= length else { return false }
        let pointer = text.utf8Start
        for index in 0..<length where base[offset + index] != pointer[index] { return false }
        return true
    }

    /// The first occurrence of eight bytes, given as a little-endian number, at or after an offset.
    @inline(__always)
    func find(_ eightBytes: UInt64, from offset: Int) -> Int? {
        var place = offset
        while place + 8 <= count {
            if word(at: place) == eightBytes { return place }
            place += 1
        }
        return nil
    }

    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(base + offset).loadUnaligned(as: UInt64.self))
    }

    /// Moves to the key of the next `key = value` pair; false at the end, or before anything else.
    @inline(__always)
    mutating func findKey() -> Bool {
        while position < count {
            switch base[position] {
            case UInt8(ascii: " "), UInt8(ascii: ","), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\t"):
                position += 1
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                return true
            default:
                return false
            }
        }
        return false
    }

    /// Reads a key, and moves to the value after its `=`; nil if no `=` follows.
    @inline(__always)
    mutating func key() -> (start: Int, count: Int)? {
        let start = position
        while position < count, isWordPart(base[position]) { position += 1 }
        let length = position - start
        while position < count, base[position] == UInt8(ascii: " ") { position += 1 }
        guard position < count, base[position] == UInt8(ascii: "=") else { return nil }
        position += 1
        while position < count, base[position] == UInt8(ascii: " ") { position += 1 }
        return (start, length)
    }

    @inline(__always)
    func isWordPart(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
    }

    /// Reads a value: up to a space, comma or closing brace.
    @inline(__always)
    mutating func value() -> UnsafeBufferPointer<UInt8> {
        let start = position
        while position < count {
            let byte = base[position]
            if byte == UInt8(ascii: " ") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}")
                || byte == UInt8(ascii: "\r")
            {
                break
            }
            position += 1
        }
        return UnsafeBufferPointer(start: base + start, count: position - start)
    }

    /// Reads a number, decimal or with 0x; nil, with the value skipped, for anything else or more than 64 bits.
    @inline(__always)
    mutating func number() -> UInt64? {
        var result: UInt64 = 0
        var place = position
        if place + 2 < count, base[place] == UInt8(ascii: "0"), base[place + 1] | 0x20 == UInt8(ascii: "x") {
            place += 2
            let start = place
            while place < count, let digit = hexDigit(base[place]) {
                result = result &<< 4 | UInt64(digit)
                place += 1
            }
            return finish(place, digits: place - start, of: 16) ? result : nil
        }
        let start = place
        while place < count, base[place] &- UInt8(ascii: "0") < 10 {
            result = result &* 10 &+ UInt64(base[place] &- UInt8(ascii: "0"))
            place += 1
        }
        let digits = place - start
        // Twenty digits fit if they begin with 1 and the sum has not wrapped around.
        guard digits < 20 || digits == 20 && base[start] == UInt8(ascii: "1") && result >= 10_000_000_000_000_000_000
        else {
            _ = value()
            return nil
        }
        return finish(place, digits: digits, of: 20) ? result : nil
    }

    /// Reads hexadecimal digits without 0x, as `%p` prints a pointer.
    @inline(__always)
    mutating func pointer() -> UInt64? {
        var place = position
        if place + 2 < count, base[place] == UInt8(ascii: "0"), base[place + 1] | 0x20 == UInt8(ascii: "x") {
            place += 2
        }
        var result: UInt64 = 0
        let start = place
        while place < count, let digit = hexDigit(base[place]) {
            result = result &<< 4 | UInt64(digit)
            place += 1
        }
        return finish(place, digits: place - start, of: 16) ? result : nil
    }

    @inline(__always)
    private mutating func finish(_ place: Int, digits: Int, of most: Int) -> Bool {
        if digits > 0, digits <= most, place == count || !isWordPart(base[place]) {
            position = place
            return true
        }
        _ = value()
        return false
    }

    @inline(__always)
    private func hexDigit(_ byte: UInt8) -> UInt8? {
        let decimal = byte &- UInt8(ascii: "0")
        if decimal < 10 { return decimal }
        let letter = (byte | 0x20) &- UInt8(ascii: "a")
        return letter < 6 ? letter &+ 10 : nil
    }
}
