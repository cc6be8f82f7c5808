/// Why an expression is not a GFP mask: what, where, and what would be right.
public struct GFPParseError: Error, Hashable, Sendable {
    /// The whole expression as given.
    public let expression: String
    /// Where the problem starts, in characters from 1.
    public let column: Int
    /// What is wrong and what to do, without a full stop.
    public let reason: String
}

extension GFPParseError: CustomStringConvertible {
    public var description: String { "\"\(expression)\", column \(column): \(reason)" }
}
