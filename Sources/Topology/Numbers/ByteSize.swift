/// An amount of memory or an address, in bytes, as people and kernel parameters write it: `64GiB`, `512MiB`,
/// `4096 KiB`, `1.5TiB`, `0x1000`, plain bytes; `64G` as on a kernel's command line.
public struct ByteSize: Hashable, Comparable, Sendable {
    /// The amount or address, in bytes.
    public var bytes: UInt64

    public init(bytes: UInt64) { self.bytes = bytes }

    public static func < (left: Self, right: Self) -> Bool { left.bytes < right.bytes }

    /// Why a text is not a size.
    public struct Invalid: Error, Hashable, Sendable, CustomStringConvertible {
        public var description: String
    }

    private static let units = ["": 0, "K": 10, "M": 20, "G": 30, "T": 40, "P": 50, "E": 60]

    /// Reads a size.
    ///
    /// - Throws: ``Invalid`` for anything but a number with one of the units B, KiB, MiB, GiB, TiB, PiB, EiB or their
    ///   first letters, for a fraction of a byte, and for more than 64 bits. Decimal units (GB) are refused, because
    ///   some people mean powers of two by them.
    public init(_ text: some StringProtocol) throws(Invalid) {
        let compact = String(text).filter { $0 != " " }
        let isHexadecimal = compact.hasPrefix("0x") || compact.hasPrefix("0X")
        let digits =
            isHexadecimal
            ? compact.dropFirst(2).prefix { $0.isHexDigit }
            : compact.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = compact[digits.endIndex...]
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : ""
        guard parts.count <= 2, let first = parts.first, !first.isEmpty, parts.count == 1 || !fraction.isEmpty else {
            throw Invalid(description: "\"\(text)\" is not a size: write a number and a unit, as in 64GiB")
        }
        let shift = try Self.shift(unit: unit, text: text, number: digits)
        guard let mantissa = UInt64(first + fraction, radix: isHexadecimal ? 16 : 10) else { throw Self.tooLarge(text) }
        let (scaled, overflow) = mantissa.multipliedReportingOverflow(by: 1 << shift)
        guard !overflow, fraction.count <= 18 else { throw Self.tooLarge(text) }
        let divisor = (0..<fraction.count).reduce(1 as UInt64) { power, _ in power * 10 }
        guard scaled % divisor == 0 else {
            throw Invalid(description: "\"\(text)\" is not a whole number of bytes")
        }
        bytes = scaled / divisor
    }

    private static func shift(
        unit: Substring, text: some StringProtocol, number: Substring
    ) throws(Invalid) -> Int {
        var name = unit.uppercased()
        if name == "B" { return 0 }
        if name.hasSuffix("IB") {
            name.removeLast(2)
            if name.isEmpty { name = "?" }
        }
        if let shift = units[name] { return shift }
        if name.count == 2, name.hasSuffix("B"), units[String(name.prefix(1))] != nil {
            throw Invalid(
                description: "the unit of \"\(text)\" may mean powers of ten: write \(number)\(name.prefix(1))iB")
        }
        throw Invalid(description: "\"\(text)\" has an unknown unit \"\(unit)\": use B, KiB, MiB, GiB, TiB, PiB or EiB")
    }

    private static func tooLarge(_ text: some StringProtocol) -> Invalid {
        Invalid(description: "\"\(text)\" is more than 64 bits can hold")
    }
}

extension ByteSize: CustomStringConvertible {
    /// In the largest binary unit that leaves a whole number: "64GiB", "4KiB", "1234B".
    public var description: String {
        guard bytes > 0 else { return "0B" }
        let step = min(bytes.trailingZeroBitCount / 10, 6)
        let unit = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"][step]
        return "\(bytes >> UInt64(step * 10))\(unit)"
    }
}

extension BootParameters.Amount {
    /// Reads a value of `movablecore=` or `kernelcore=`: a size or a percentage of all memory, as in `25%`
    /// (`cmdline_parse_core`, mm/mm_init.c).
    public init(_ text: some StringProtocol) throws(ByteSize.Invalid) {
        if text.hasSuffix("%") {
            guard let percent = Int(text.dropLast()), (0...100).contains(percent) else {
                throw ByteSize.Invalid(description: "\"\(text)\" is not a percentage from 0% to 100%")
            }
            self = .percent(percent)
        } else if text == "mirror" {
            throw ByteSize.Invalid(
                description:
                    "\"mirror\" needs the firmware's table of mirrored memory, which a topology does not have: "
                    + "give a size or a percentage")
        } else {
            self = .bytes(try ByteSize(text).bytes)
        }
    }
}

extension BootParameters.Amount: CustomStringConvertible {
    public var description: String {
        switch self {
        case .bytes(let bytes): ByteSize(bytes: bytes).description
        case .percent(let percent): "\(percent)%"
        }
    }
}
