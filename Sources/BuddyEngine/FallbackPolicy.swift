/// Decides, in place of the rules, what a request whose own type has no block may take from other types.
///
/// It is asked only in that case, so a span without a policy pays nothing. Both questions include the rules' answer.
public protocol FallbackPolicy: AnyObject {
    /// The types to fall back on. Other than unmovable, movable and reclaimable, and the request's own, types are
    /// ignored.
    ///
    /// - Parameters:
    ///   - type: The request's type.
    ///   - usual: The rules' answer.
    func fallbackTypes(for type: Migratetype, usual: FallbackTypes) -> FallbackTypes

    /// Whether a request may try to claim the whole pageblock around a block that it found, rather than split off what
    /// it needs (`should_try_claim_block`).
    ///
    /// - Parameters:
    ///   - order: The order of the block found.
    ///   - type: The request's type.
    ///   - usual: The rules' answer.
    func mayClaimPageblock(foundOrder order: Order, for type: Migratetype, usual: Bool) -> Bool
}

extension FallbackPolicy {
    public func fallbackTypes(for type: Migratetype, usual: FallbackTypes) -> FallbackTypes { usual }
    public func mayClaimPageblock(foundOrder order: Order, for type: Migratetype, usual: Bool) -> Bool { usual }
}

/// The types to fall back on, best first (`fallbacks`, mm/page_alloc.c).
@frozen
public struct FallbackTypes: Hashable, Sendable {
    /// The type to try first.
    public let first: Migratetype
    /// The type to try if the first has no block; the same as ``first`` if there is no other.
    public let second: Migratetype

    @inlinable
    public init(_ first: Migratetype, _ second: Migratetype) {
        self.first = first
        self.second = second
    }

    /// The kernel's choice for a type; nil for one that falls back on nothing.
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
