/// Something that might have helped, tried on the rebuilt machine.
public struct Remedy: Hashable, Sendable {
    /// What to do: "order 3 instead of 4", "min_free_kbytes 4096".
    public var change: String
    /// The same request, or the changed one, is served then.
    public var helps: Bool
    /// What came out, and at what cost.
    public var detail: String

    public init(change: String, helps: Bool, detail: String) {
        self.change = change
        self.helps = helps
        self.detail = detail
    }
}
