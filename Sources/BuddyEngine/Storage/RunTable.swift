/// Runs of never-used blocks of the largest order. Each run is on its list as its first block.
///
/// There is at most one for each range of memory, and a few more where a block was taken out of the middle.
@usableFromInline
struct RunTable: ~Copyable {
    @usableFromInline
    struct Run {
        @usableFromInline
        var first: PageOffset
        /// The number of blocks.
        @usableFromInline
        var count: Int
    }

    @usableFromInline
    var runs: [Run] = []

    @inlinable
    init() {}

    /// The position of the run that begins at `offset`.
    @usableFromInline
    func index(of offset: PageOffset) -> Int {
        guard let index = runs.firstIndex(where: { $0.first == offset }) else {
            preconditionFailure("a block marked as a run has none")
        }
        return index
    }

    /// The position of the run that contains the page at `offset`.
    @usableFromInline
    func index(containing offset: PageOffset, blockPages: Int) -> Int? {
        runs.firstIndex {
            offset >= $0.first && Int(offset.rawValue) < Int($0.first.rawValue) + $0.count * blockPages
        }
    }
}
