/// Finds the next of several phrases in bytes: Wu and Manber's algorithm (1994), which skips as far as the last two
/// bytes in the window allow, so that most of a log is never looked at.
struct TriggerSearch: Sendable {
    private let patterns: [[UInt8]]
    /// The length of the shortest pattern.
    private let window: Int
    /// By hash of two bytes: how far the window can move; 0 if a pattern may end here.
    private let shifts: [UInt8]

    /// - Precondition: Each pattern has at least two bytes.
    init(_ phrases: [String]) {
        let patterns = phrases.map { Array($0.utf8) }
        let window = patterns.map(\.count).min() ?? 2
        precondition(window >= 2 && window < 256)
        var shifts = [UInt8](repeating: UInt8(window - 1), count: Self.tableSize)
        for pattern in patterns {
            for end in 1..<window {
                let hash = Self.hash(pattern[end - 1], pattern[end])
                shifts[hash] = min(shifts[hash], UInt8(window - 1 - end))
            }
        }
        self.patterns = patterns
        self.window = window
        self.shifts = shifts
    }

    private static var tableSize: Int { 4096 }

    @inline(__always)
    private static func hash(_ first: UInt8, _ second: UInt8) -> Int {
        ((Int(first) &<< 5) ^ Int(second)) & (tableSize &- 1)
    }

    /// The length of the longest pattern: the end of a chunk may contain the beginning of a phrase of this length.
    var longest: Int { patterns.map(\.count).max() ?? 0 }

    /// Where the first phrase at or after `start` begins, and its number; nil if there is none.
    func first(in bytes: UnsafeRawBufferPointer, from start: Int) -> (offset: Int, pattern: Int)? {
        guard bytes.count >= window, start >= 0 else { return nil }
        return shifts.withUnsafeBufferPointer { shifts in
            var end = start &+ window &- 1
            while end < bytes.count {
                let shift = shifts[Self.hash(bytes[end &- 1], bytes[end])]
                if shift > 0 {
                    end &+= Int(shift)
                    continue
                }
                let offset = end &- window &+ 1
                for index in patterns.indices where matches(patterns[index], bytes, at: offset) {
                    return (offset, index)
                }
                end &+= 1
            }
            return nil
        }
    }

    /// Whether a text contains any of the phrases.
    func isAny(in text: LogText) -> Bool {
        text.bytes.withUnsafeBytes { first(in: $0, from: 0) != nil }
    }

    private func matches(_ pattern: [UInt8], _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        guard bytes.count - offset >= pattern.count else { return false }
        for index in pattern.indices where bytes[offset + index] != pattern[index] { return false }
        return true
    }
}
