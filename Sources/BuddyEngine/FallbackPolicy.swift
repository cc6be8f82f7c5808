/// What a request whose own type has no block may take of other types, in place of the rules.
///
/// It is asked only then, so a span without one pays nothing. Both questions come with the rules' answer.
public protocol FallbackPolicy: AnyObject {
    /// The types to fall back on. Those that are not ordinary ones are passed over, as is the request's own.
    ///
    /// - Parameters:
    ///   - type: The request's.
    ///   - usual: What the rules say.
    func fallbackTypes(for type: Migratetype, usual: FallbackTypes) -> FallbackTypes

    /// Whether a request may try for the whole pageblock around a block that it found, rather than split off what it needs
    /// (`should_try_claim_block`).
    ///
    /// - Parameters:
    ///   - order: The order of the block found.
    ///   - type: The request's type.
    ///   - usual: What the rules say.
    func mayClaimPageblock(foundOrder order: Order, for type: Migratetype, usual: Bool) -> Bool
}

extension FallbackPolicy {
    public func fallbackTypes(for type: Migratetype, usual: FallbackTypes) -> FallbackTypes { usual }
    public func mayClaimPageblock(foundOrder order: Order, for type: Migratetype, usual: Bool) -> Bool { usual }
}

/// The types to fall back on, best first (`fallbacks`, mm/page_alloc.c).
@frozen
public struct FallbackTypes: Hashable, Sendable {
    public let first: Migratetype
    /// Where the first has no block; the same again: nothing else.
    public let second: Migratetype

    @inlinable
    public init(_ first: Migratetype, _ second: Migratetype) {
        self.first = first
        self.second = second
    }

    /// Nil for a type that has none.
    @inlinable
    public init?(for type: Migratetype) {
        switch type {
        case .unmovable: self.init(.reclaimable, .movable)
        case .movable: self.init(.reclaimable, .unmovable)
        case .reclaimable: self.init(.unmovable, .movable)
        case .highAtomic, .cma, .isolate: return nil
        }
    }
}
