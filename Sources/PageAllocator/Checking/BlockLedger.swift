import BuddyEngine

/// Which blocks of a zone's memory were allocated, and of what order: checked frees are compared with it.
///
/// A byte for each page, committed lazily: only pages that head a block are written.
@frozen
@usableFromInline
struct BlockLedger: ~Copyable {
    private let entries: LazyMemory<UInt8>
    private let first: PageFrame

    /// What a ledger takes of a `TableSpace`, in bytes.
    static func tableBytes(_ pages: Range<PageFrame>) -> Int { TableSpace.bytes(of: UInt8.self, count: pages.pages) }

    enum Entry: Hashable {
        /// Not allocated since the ledger was begun: in use before, free, or inside a block.
        case unknown
        /// Heads a block in use.
        case inUse(Order)
        /// Headed a block that was freed since.
        case givenBack
    }

    init(_ pages: Range<PageFrame>, in space: TableSpace? = nil) {
        entries = LazyMemory(count: pages.upperBound - pages.lowerBound, in: space)
        first = pages.lowerBound
    }

    /// Forgets all entries.
    func clear() { entries.clear() }

    /// - Precondition: The page is one of the ledger's.
    subscript(frame: PageFrame) -> Entry {
        get {
            switch entries.base[index(of: frame)] {
            case 0: .unknown
            case Self.givenBack: .givenBack
            case let entry: .inUse(Order(rawValue: entry - 1))
            }
        }
        nonmutating set {
            switch newValue {
            case .unknown: entries.base[index(of: frame)] = 0
            case .inUse(let order): entries.base[index(of: frame)] = order.rawValue + 1
            case .givenBack: entries.base[index(of: frame)] = Self.givenBack
            }
        }
    }

    /// The known block in use that contains a page; nil if there is none.
    func block(holding frame: PageFrame, largest: Order) -> (first: PageFrame, order: Order)? {
        for order in 0...largest.rawValue {
            let head = PageFrame(rawValue: frame.rawValue & ~UInt64(Order(rawValue: order).pages - 1))
            guard head >= first else { return nil }
            if case .inUse(let size) = self[head], frame - head < size.pages { return (head, size) }
        }
        return nil
    }

    private func index(of frame: PageFrame) -> Int {
        let index = frame - first
        precondition(index >= 0 && index < entries.count)
        return index
    }

    private static var givenBack: UInt8 { 0x80 }
}
