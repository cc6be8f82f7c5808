/// Reads a JSON text front to back, each value as the type that its reader requires, and builds nothing else.
///
/// For large texts written by programs: numbers go straight into the reader's own arrays, at several hundred megabytes
/// a second, whereas each value of a ``JSONDocument`` takes forty bytes. The reader asks for what comes next:
///
///     try scanner.enterObject()
///     while let name = try scanner.nextName() {
///         switch known.position(of: name) {
///         case 0: try scanner.enterList(); while try scanner.nextElement() { frames.append(try scanner.integer()) }
///         case nil: try scanner.skip()
///         }
///     }
///
/// There is only one grammar: anything unusual (escapes, comments, all that JSON5 adds) is read by ``JSONParser``. If a
/// text is not JSON, this only finds that out; `JSONDocument` reports what is wrong, and where.
package struct JSONScanner: ~Copyable {
    let bytes: UnsafeBufferPointer<UInt8>
    /// The offset of the next byte.
    package var at = 0
    /// Whether only the opening bracket of the innermost list or object has been read.
    private var isFresh = false
    /// Storage for names that had escapes.
    private var rareNames: [UnsafeMutableBufferPointer<UInt8>] = []
    /// Members with these names keep long lists in the text when values are read as trees; see `JSONDocument.scan`.
    package var leavesLists: Set<String> = []

    /// Why a text could not be read.
    package struct Failure: Error {
        /// Where, in bytes from the text's start.
        package var offset: Int
        /// What is wrong; nil if the text is not JSON from here on.
        package var message: String?

        package init(offset: Int, message: String?) {
            self.offset = offset
            self.message = message
        }
    }

    /// - Parameters:
    ///   - bytes: The text; it must outlive the scanner and the names that it returns.
    package init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { at = 3 }
    }

    deinit {
        for name in rareNames { name.deallocate() }
    }

    // MARK: - Objects and lists

    /// Enters the object that comes next.
    package mutating func enterObject() throws(Failure) { try enter(UInt8(ascii: "{"), "an object is needed") }

    /// Enters the list that comes next.
    package mutating func enterList() throws(Failure) { try enter(UInt8(ascii: "["), "a list is needed") }

    private mutating func enter(_ bracket: UInt8, _ need: String) throws(Failure) {
        try skipSpace()
        guard at < bytes.count, bytes[at] == bracket else { throw mismatch(need) }
        at += 1
        isFresh = true
    }

    /// Whether a list comes next.
    package mutating func isAtList() throws(Failure) -> Bool {
        try skipSpace()
        return at < bytes.count && bytes[at] == UInt8(ascii: "[")
    }

    /// Reads the name of the object's next member, whose value comes next; nil at the object's end.
    package mutating func nextName() throws(Failure) -> JSONName? {
        guard try next(before: UInt8(ascii: "}")) else { return nil }
        let name = try readName()
        if at < bytes.count, bytes[at] == UInt8(ascii: ":") {
            at += 1
            return name
        }
        try skipSpace()
        guard at < bytes.count, bytes[at] == UInt8(ascii: ":") else { throw noJSON }
        at += 1
        return name
    }

    /// Whether the list has another element, which comes next; false at the list's end.
    package mutating func nextElement() throws(Failure) -> Bool { try next(before: UInt8(ascii: "]")) }

    @inline(__always)
    private mutating func next(before close: UInt8) throws(Failure) -> Bool {
        try skipSpace()
        guard at < bytes.count else { throw noJSON }
        if bytes[at] == close { return end() }
        guard !isFresh else {
            isFresh = false
            return true
        }
        guard bytes[at] == UInt8(ascii: ",") else { throw noJSON }
        at += 1
        try skipSpace()
        guard at < bytes.count else { throw noJSON }
        return bytes[at] == close ? end() : true
    }

    @inline(__always)
    private mutating func end() -> Bool {
        at += 1
        isFresh = false
        return false
    }

    private mutating func readName() throws(Failure) -> JSONName {
        let start = at
        let quote = bytes[at]
        if quote == UInt8(ascii: "\"") {
            var end = start + 1
            while end < bytes.count, bytes[end] != quote, bytes[end] >= 0x20, bytes[end] != UInt8(ascii: "\\"),
                bytes[end] < 0x80
            {
                end += 1
            }
            guard end < bytes.count else { throw noJSON }
            if bytes[end] == quote {
                at = end + 1
                return JSONName(UnsafeBufferPointer(rebasing: bytes[(start + 1)..<end]), offset: start)
            }
        }
        let text = try rarely { parser throws(JSONParser.Failure) in try parser.readKey() }
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
        _ = copy.initialize(from: text.utf8)
        rareNames.append(copy)
        return JSONName(UnsafeBufferPointer(copy), offset: start)
    }

    // MARK: - Whole values

    /// Skips the value that comes next.
    package mutating func skip() throws(Failure) { try skip(depth: 0) }

    private mutating func skip(depth: Int) throws(Failure) {
        try skipSpace()
        guard at < bytes.count, depth < JSONDocument.depthLimit else { throw noJSON }
        switch bytes[at] {
        case UInt8(ascii: "["):
            try enterList()
            while try nextElement() { try skip(depth: depth + 1) }
        case UInt8(ascii: "{"):
            try enterObject()
            while try nextName() != nil { try skip(depth: depth + 1) }
        case UInt8(ascii: "\""): _ = try readName()
        case 0x30...0x39, UInt8(ascii: "-"):
            if takeInteger() == nil { _ = try scalar() }
        default: _ = try scalar()
        }
    }

    /// Reads the value that comes next as a tree.
    package mutating func value() throws(Failure) -> JSONValue {
        try skipSpace()
        return try rarely { parser throws(JSONParser.Failure) in try parser.parseValue() }
    }

    /// Reads a member's value as a tree, and returns the member with its place.
    package mutating func member(_ name: JSONName) throws(Failure) -> JSONObject.Member {
        JSONObject.Member(
            key: name.text, value: try value(), keyPosition: Int32(truncatingIfNeeded: name.offset))
    }

    /// Throws unless the outermost value is the last.
    package mutating func finish() throws(Failure) {
        try skipSpace()
        guard at == bytes.count else { throw noJSON }
    }

    // MARK: - Scalars

    /// Skips a `null`, if that comes next; returns whether it did.
    package mutating func takeNull() throws(Failure) -> Bool {
        try skipSpace()
        guard at + 4 <= bytes.count, bytes[at] == UInt8(ascii: "n") else { return false }
        guard case .null = try scalar().kind else { throw noJSON }
        return true
    }

    /// Reads a whole number.
    package mutating func integer() throws(Failure) -> Int {
        try skipSpace()
        if let number = takeInteger() { return number }
        return try rareInteger()
    }

    /// Reads a whole number from 0 to `limit`.
    package mutating func count(_ limit: Int = Int(UInt32.max)) throws(Failure) -> Int {
        try skipSpace()
        let start = at
        let number = try integer()
        guard number >= 0, number <= limit else { throw outOfRange(number, limit, start) }
        return number
    }

    /// Reads a string.
    package mutating func string() throws(Failure) -> String { try text().text }

    /// Reads a string without copying it.
    package mutating func text() throws(Failure) -> JSONName {
        try skipSpace()
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "'") else {
            throw mismatch("a string is needed")
        }
        return try readName()
    }

    /// Where the value that comes next begins.
    package mutating func offset() throws(Failure) -> Int {
        try skipSpace()
        return at
    }

    /// Reads a plain number of at most 18 digits, which always fits; nil if there is none.
    @inline(__always)
    private mutating func takeInteger() -> Int? {
        var index = at
        guard index < bytes.count else { return nil }
        let isNegative = bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let first = index
        var magnitude = 0
        while index < bytes.count, case let digit = bytes[index] &- 0x30, digit < 10 {
            magnitude = magnitude &* 10 &+ Int(digit)
            index += 1
        }
        let digits = index - first
        guard digits > 0, digits <= 18, bytes[first] != 0x30 || digits == 1 else { return nil }
        // What ends a number here is not part of any other form of number.
        guard index == bytes.count || bytes[index] != UInt8(ascii: ".") && !JSONParser.isIdentifier(bytes[index]) else {
            return nil
        }
        at = index
        return isNegative ? -magnitude : magnitude
    }

    @inline(never)
    private mutating func rareInteger() throws(Failure) -> Int {
        let start = at
        guard at < bytes.count, bytes[at] != UInt8(ascii: "["), bytes[at] != UInt8(ascii: "{") else {
            throw mismatch("a whole number is needed")
        }
        let value = try scalar()
        guard let number = value.int else {
            throw Failure(offset: start, message: "a whole number is needed, this is \(value.kindName)")
        }
        return number
    }

    private mutating func scalar() throws(Failure) -> JSONValue {
        try rarely { parser throws(JSONParser.Failure) in try parser.parseScalar() }
    }

    // MARK: - Space, and what is rare

    @inline(__always)
    private mutating func skipSpace() throws(Failure) {
        guard at < bytes.count else { return }
        let byte = bytes[at]
        // In texts written by programs, the value usually follows immediately.
        if byte > 0x20, byte < 0x80, byte != UInt8(ascii: "/") { return }
        try skipSomeSpace()
    }

    @inline(never)
    private mutating func skipSomeSpace() throws(Failure) {
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A { at += 1 }
        guard at < bytes.count, bytes[at] <= 0x20 || bytes[at] >= 0x80 || bytes[at] == UInt8(ascii: "/") else { return }
        try rarely { parser throws(JSONParser.Failure) in try parser.skipSpace() }
    }

    /// Lets the parser read what is here.
    @inline(never)
    private mutating func rarely<Answer>(
        _ body: (inout JSONParser) throws(JSONParser.Failure) -> Answer
    ) throws(Failure) -> Answer {
        var parser = JSONParser(bytes)
        parser.at = at
        parser.leavesLists = leavesLists
        do throws(JSONParser.Failure) {
            let answer = try body(&parser)
            at = parser.at
            return answer
        } catch { throw Failure(offset: error.offset, message: nil) }
    }

    // MARK: - Failing

    private var noJSON: Failure { Failure(offset: at, message: nil) }

    @inline(never)
    private func outOfRange(_ number: Int, _ limit: Int, _ start: Int) -> Failure {
        Failure(offset: start, message: "\(number) is not in 0...\(limit)")
    }

    /// The error for a value of another kind than required.
    @inline(never)
    private mutating func mismatch(_ need: String) -> Failure {
        let start = at
        guard at < bytes.count else { return noJSON }
        let found: String
        switch bytes[at] {
        case UInt8(ascii: "{"): found = "an object"
        case UInt8(ascii: "["): found = "a list"
        default:
            guard let value = try? scalar() else { return noJSON }
            found = value.kindName
        }
        return Failure(offset: start, message: "\(need), this is \(found)")
    }
}
