/// A JSON value, as ``JSONDocument`` reads it and `--json` prints it.
///
/// It can be written as a literal:
///
///     let zone: JSONValue = ["name": "DMA32", "present": 786_304, "marks": [1, 2, 3]]
///
/// Two values are equal if they mean the same, wherever they were in a text.
public struct JSONValue: Sendable {
    /// The value.
    public var kind: Kind
    /// The byte of the text at which the value begins; -1 for a value that was not read from a text.
    var position: Int32
    /// Whether this is a list that was left in the text (``JSONDocument/init(_:leavingLists:)``) and appears to be
    /// empty.
    package var isLeft = false

    /// The kinds of values.
    public enum Kind: Sendable {
        case null
        case bool(Bool)
        /// A whole number that fits into 64 bits.
        case integer(Int64)
        /// Any other number.
        case number(Double)
        case string(String)
        case array([JSONValue])
        case object(JSONObject)
    }

    @inlinable
    public init(_ kind: Kind) {
        self.init(kind, position: -1)
    }

    @usableFromInline
    init(_ kind: Kind, position: Int32) {
        self.kind = kind
        self.position = position
    }

    /// The offset in bytes at which the value begins in the text it was read from; nil if it was not read.
    public var offset: Int? { position < 0 ? nil : Int(position) }
}

extension JSONValue {
    public init(_ value: Bool) { self.init(.bool(value)) }

    /// Whole numbers beyond `Int64` lose precision, as in most readers of JSON.
    public init(_ value: some BinaryInteger) {
        self.init(Int64(exactly: value).map { .integer($0) } ?? .number(Double(value)))
    }

    /// Infinities and NaN, which JSON lacks, become null.
    public init(_ value: Double) { self.init(value.isFinite ? .number(value) : .null) }

    public init(_ value: some StringProtocol) { self.init(.string(String(value))) }

    public init(_ values: some Sequence<JSONValue>) { self.init(.array(Array(values))) }

    public init(_ members: JSONObject) { self.init(.object(members)) }
}

// MARK: - What it holds

extension JSONValue {
    /// Whether it is null.
    public var isNull: Bool { if case .null = kind { true } else { false } }

    /// The truth value; nil if it is something else.
    public var bool: Bool? { if case .bool(let value) = kind { value } else { nil } }

    /// The number, if it is whole and fits into 64 bits, as in `2.0` and `1e3`.
    public var integer: Int64? {
        switch kind {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value)
        default: nil
        }
    }

    /// Like ``integer``, as an `Int`.
    public var int: Int? { integer.flatMap { Int(exactly: $0) } }

    /// The number; nil if it is something else.
    public var double: Double? {
        switch kind {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The string; nil if it is something else.
    public var string: String? { if case .string(let value) = kind { value } else { nil } }

    /// The elements of an array; nil if it is something else.
    public var array: [JSONValue]? { if case .array(let value) = kind { value } else { nil } }

    /// The object; nil if it is something else.
    public var object: JSONObject? { if case .object(let value) = kind { value } else { nil } }

    /// The member of an object; nil if there is none, or if this is not an object.
    public subscript(key: String) -> JSONValue? { object?[key] }

    /// The element of an array; nil outside it, or if this is not an array.
    public subscript(index: Int) -> JSONValue? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }

    /// The kind of value, for messages: "a string", "an object".
    public var kindName: String {
        switch kind {
        case .null: "null"
        case .bool: "true or false"
        case .integer, .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

extension JSONValue: Equatable {
    // Not inlined: a switch over both kinds, specialised into the array's ==, crashes the optimiser of Swift 6.3.1.
    @inline(never)
    public static func == (left: Self, right: Self) -> Bool {
        switch left.kind {
        case .null: return right.isNull
        case .bool(let value): return right.bool == value
        case .integer(let value):
            if case .integer(let other) = right.kind { return value == other }
            return right.double == Double(value)
        case .number(let value): return right.double == value
        case .string(let value): return right.string == value
        case .array(let value): return right.array == value
        case .object(let value): return right.object == value
        }
    }
}

// MARK: - Literals

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self.init(.null) }

    public init(booleanLiteral value: Bool) { self.init(value) }

    public init(integerLiteral value: Int64) { self.init(.integer(value)) }

    public init(floatLiteral value: Double) { self.init(value) }

    public init(stringLiteral value: String) { self.init(.string(value)) }

    public init(arrayLiteral elements: JSONValue...) { self.init(.array(elements)) }

    /// Members keep the order of the literal.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(JSONObject(elements))
    }
}
