/// One pass over the bytes of a JSON5 text. It keeps its own stack, so no depth of nesting can exhaust the thread's.
///
/// Elements and members of all open containers share two stacks; when a container closes, its part is moved to an array
/// of exactly its size.
struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    var at = 0
    private(set) var duplicates: [JSONDocument.DuplicateKey] = []

    /// Names of members whose lists stay in the text; see ``leaveList()``.
    var leavesLists: Set<String> = []
    private(set) var hasLeftLists = false

    /// Values read so far.
    private var count = 0
    private var frames: [Frame] = []
    private var elements: [JSONValue] = []
    private var members: [JSONObject.Member] = []

    struct Failure: Error {
        var offset: Int
        var message: String
    }

    private struct Frame {
        var isObject: Bool
        /// Where the opening bracket is.
        var offset: Int
        /// Where the container's part of the shared stack begins.
        var start: Int
        /// One bit for each hash of a key seen: a bit not yet set proves that a key is new.
        var seen: UInt64 = 0
        /// Whether a key appears twice. Not maintained for objects large enough to be indexed, where the index finds
        /// such keys.
        var repeats = false

        var close: UInt8 { isObject ? UInt8(ascii: "}") : UInt8(ascii: "]") }
    }

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func parseDocument() throws(Failure) -> JSONValue {
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { at = 3 }
        try skipSpace()
        let value = try parseValue()
        try skipSpace()
        guard at == bytes.count else {
            throw failure("there is something after the end of the value: \(found)")
        }
        return value
    }

    /// Reads the value that begins here, including its content.
    mutating func parseValue() throws(Failure) -> JSONValue {
        while true {
            count += 1
            guard count <= JSONDocument.valueLimit else {
                throw failure("there are more than \(JSONDocument.valueLimit) values, the most that are read")
            }
            var value: JSONValue
            if let left = leaveList() {
                value = left
            } else if let opened = try open() {
                guard let empty = opened else { continue }
                value = empty
            } else {
                value = try parseScalar()
            }
            // The value is complete. It goes into its container, which may thereby be complete as well, and so on.
            while true {
                guard let frame = frames.last else { return value }
                if frame.isObject {
                    members[members.count - 1].value = value
                } else {
                    elements.append(value)
                }
                guard try closes(frame) else { break }
                value = close()
            }
        }
    }

    // MARK: - Containers

    /// Skips the list that begins here, if it is to stay in the text.
    private mutating func leaveList() -> JSONValue? {
        guard !leavesLists.isEmpty, frames.last?.isObject == true, let member = members.last,
            leavesLists.contains(member.key), let end = endOfPlainList(), end - at >= Self.smallestLeft
        else { return nil }
        var value = JSONValue(.array([]), position: Int32(truncatingIfNeeded: at))
        value.isLeft = true
        hasLeftLists = true
        at = end
        return value
    }

    /// Enters the list or object that begins here; nil if none does. If it is empty, it is returned at once.
    private mutating func open() throws(Failure) -> JSONValue?? {
        guard at < bytes.count else { throw unexpectedEnd(expecting: "a value") }
        let byte = bytes[at]
        guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") else { return nil }
        guard frames.count < JSONDocument.depthLimit else {
            throw failure("lists and objects are nested more than \(JSONDocument.depthLimit) deep")
        }
        let isObject = byte == UInt8(ascii: "{")
        let frame = Frame(isObject: isObject, offset: at, start: isObject ? members.count : elements.count)
        frames.append(frame)
        at += 1
        try skipSpace()
        if at < bytes.count, bytes[at] == frame.close {
            at += 1
            return .some(close())
        }
        if isObject { try parseKey() }
        return .some(nil)
    }

    /// Reads what follows an element: true at the end of the container, false if another element follows.
    private mutating func closes(_ frame: Frame) throws(Failure) -> Bool {
        try skipSpace()
        guard at < bytes.count else { throw unexpectedEnd(expecting: "',' or '\(Character(.init(frame.close)))'") }
        if bytes[at] == UInt8(ascii: ",") {
            at += 1
            try skipSpace()
            if at < bytes.count, bytes[at] != frame.close {
                if frame.isObject { try parseKey() }
                return false
            }
            guard at < bytes.count else { throw unexpectedEnd(expecting: "a value") }
        }
        guard bytes[at] == frame.close else {
            let container = frame.isObject ? "a member" : "an element"
            throw failure("expected ',' or '\(Character(.init(frame.close)))' after \(container), found \(found)")
        }
        at += 1
        return true
    }

    private mutating func close() -> JSONValue {
        let frame = frames.removeLast()
        let position = Int32(truncatingIfNeeded: frame.offset)
        guard frame.isObject else {
            let own = Array(elements[frame.start...])
            elements.removeLast(own.count)
            return JSONValue(.array(own), position: position)
        }
        let own = Array(members[frame.start...])
        members.removeLast(own.count)
        guard frame.repeats || own.count >= JSONObject.smallest else {
            return JSONValue(.object(JSONObject(members: own)), position: position)
        }
        let object = JSONObject(unchecked: own) { member, first in
            guard duplicates.count < JSONDocument.mostDuplicates else { return }
            duplicates.append(
                JSONDocument.DuplicateKey(
                    key: member.key, offset: Int(member.keyPosition), firstOffset: Int(first.keyPosition)))
        }
        return JSONValue(.object(object), position: position)
    }

    /// Reads a key and its colon, and pushes a member whose value is still to be read.
    private mutating func parseKey() throws(Failure) {
        let start = at
        let key = try readKey()
        let bits = keyBits(start, at)
        let top = frames.count - 1
        if frames[top].seen & bits != 0, !frames[top].repeats {
            frames[top].repeats = repeats(key, from: frames[top].start)
        }
        frames[top].seen |= bits
        members.append(
            JSONObject.Member(key: key, value: JSONValue(.null), keyPosition: Int32(truncatingIfNeeded: start)))

        try skipSpace()
        guard at < bytes.count else { throw unexpectedEnd(expecting: "':'") }
        guard bytes[at] == UInt8(ascii: ":") else {
            throw failure("expected ':' after the key \"\(key)\", found \(found)")
        }
        at += 1
        try skipSpace()
    }

    /// Reads a key itself: a string in quotes, or a word.
    mutating func readKey() throws(Failure) -> String {
        guard at < bytes.count else { throw unexpectedEnd(expecting: "a key or '}'") }
        switch bytes[at] {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return try parseString()
        case let byte where JSONParser.isIdentifier(byte) && !(0x30...0x39).contains(byte): return try parseIdentifier()
        default: throw failure("expected a key or '}', found \(found)")
        }
    }

    /// Whether the object whose members begin at `start` already has the key.
    private func repeats(_ key: String, from start: Int) -> Bool {
        guard members.count - start < JSONObject.smallest else { return false }
        for index in start..<members.count
        where members[index].key.utf8.count == key.utf8.count && members[index].key == key {
            return true
        }
        return false
    }

    /// A bit for the key's hash. Equal keys written differently (`a`, `"a"`, `'a'`) have the same bit; one with an
    /// escape, which could be any key, has all bits.
    private func keyBits(_ start: Int, _ end: Int) -> UInt64 {
        let quote = bytes[start] == UInt8(ascii: "\"") || bytes[start] == UInt8(ascii: "'") ? 1 : 0
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in (start + quote)..<(end - quote) {
            if bytes[index] == UInt8(ascii: "\\") { return .max }
            hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3
        }
        return 1 &<< (hash >> 32 & 63)
    }

    // MARK: - Failing

    func failure(_ message: String, at offset: Int? = nil) -> Failure {
        Failure(offset: offset ?? at, message: message)
    }

    func unexpectedEnd(expecting expected: String) -> Failure {
        guard let frame = frames.last else { return failure("the text ends where \(expected) is expected") }
        let opened = SourceLocation(ofOffset: frame.offset, in: bytes)
        return failure(
            "the text ends where \(expected) is expected: the \(frame.isObject ? "object" : "list")"
                + " that begins at \(opened) is not closed")
    }

    /// The character here, for messages.
    var found: String {
        guard at < bytes.count else { return "the end of the text" }
        let rest = UnsafeBufferPointer(rebasing: bytes[at..<min(at + 4, bytes.count)])
        guard let scalar = String(decoding: rest, as: UTF8.self).unicodeScalars.first, scalar != "\u{FFFD}" else {
            return "a byte that is not UTF-8 (0x\(String(bytes[at], radix: 16)))"
        }
        return scalar.value < 0x20 ? "the control character \(scalar.escaped(asASCII: true))" : "'\(scalar)'"
    }
}
