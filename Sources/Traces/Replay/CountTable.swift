/// Counts indexed by a small number, for loops that count every event: no reference counting, no copy-on-write checks.
struct CountTable: ~Copyable {
    private var base: UnsafeMutablePointer<Int>
    private(set) var count: Int

    init(count: Int) {
        self.count = count
        base = .allocate(capacity: max(count, 1))
        base.initialize(repeating: 0, count: max(count, 1))
    }

    deinit { base.deallocate() }

    @inline(__always)
    mutating func add(_ index: Int) {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
        base[index] &+= 1
    }

    mutating func grow(to wanted: Int) {
        guard wanted > count else { return }
        let bigger = UnsafeMutablePointer<Int>.allocate(capacity: wanted)
        bigger.initialize(repeating: 0, count: wanted)
        bigger.update(from: base, count: count)
        base.deallocate()
        base = bigger
        count = wanted
    }

    mutating func clear() { base.update(repeating: 0, count: count) }

    mutating func set(_ index: Int, to value: Int) {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
        base[index] = value
    }

    var counts: [Int] { (0..<count).map { base[$0] } }
}
