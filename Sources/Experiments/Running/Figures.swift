import BuddyEngine
import PageAllocator

/// The figures measured in a run.
public struct Figures: Hashable, Sendable {
    /// The values in the order of ``Measure``.
    private var values = [Double](repeating: 0, count: Measure.allCases.count)

    /// All zero.
    public init() {}

    /// The value of a measure.
    public subscript(measure: Measure) -> Double {
        get { values[measure.position] }
        set { values[measure.position] = newValue }
    }

    /// Takes the figures that come from the machine's counters and free lists.
    mutating func take(_ counters: PressureCounters, remote: Int, freeBlocks: [Int]) {
        self[.remote] = Double(remote)
        self[.stalls] = Double(counters.allocStalls.reduce(0, +))
        self[.kswapdRounds] = Double(counters.kswapdRounds)
        self[.reclaimed] = Double(counters.pagesStolenByKswapd + counters.pagesStolenDirectly)
        self[.swappedOut] = Double(counters.pagesSwappedOut)
        self[.compactions] = Double(counters.compactStalls)
        self[.moved] = Double(counters.pagesMigrated)
        self[.killed] = Double(counters.oomKills)
        let pages = freeBlocks.enumerated().map { order, blocks in blocks << order }
        let free = pages.reduce(0, +)
        let usable = pages.dropFirst(min(Self.hugeOrder, pages.count - 1)).reduce(0, +)
        self[.free] = Double(free)
        // Six decimals are more precise than any repetition, and read the same everywhere.
        self[.unusableIndex] = free == 0 ? 1 : (Double(free - usable) / Double(free) * 1e6).rounded() / 1e6
    }

    private static let hugeOrder = 9

    /// A value as tables show it: without a decimal point if it is whole.
    ///
    /// - Parameters:
    ///   - value: The value.
    public static func text(_ value: Double) -> String {
        Int(exactly: value).map { "\($0)" } ?? "\(value)"
    }
}

extension Measure {
    /// The index in ``allCases``, which is in the order of declaration.
    fileprivate var position: Int {
        switch self {
        case .served: 0
        case .refused: 1
        case .fallbacks: 2
        case .remote: 3
        case .stalls: 4
        case .kswapdRounds: 5
        case .reclaimed: 6
        case .swappedOut: 7
        case .compactions: 8
        case .moved: 9
        case .killed: 10
        case .free: 11
        case .unusableIndex: 12
        }
    }
}
