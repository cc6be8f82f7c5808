import BuddyEngine
import Testing

/// Looking ahead changes nothing, whatever page frame is named.
@Suite struct PrefetchTests {
    @Test func `a span that was asked to look ahead gives what one that was not gives`() {
        let range = PageFrame(4096)..<PageFrame(4096 + 2048)
        var plain = BuddySpan(range: range, rules: .v6_12)
        var ahead = BuddySpan(range: range, rules: .v6_12)
        plain.addFreeRange(range)
        ahead.addFreeRange(range)
        var observer = NoBuddyObserver()
        for step in 0..<600 {
            for frame in [PageFrame(4096 + step), PageFrame(0), PageFrame(rawValue: .max), PageFrame(1 << 40)] {
                ahead.prefetch(frame)
            }
            let order = Order(rawValue: UInt8(step % 3))
            var (one, other) = (FallbackMode.own, FallbackMode.own)
            let first = plain.take(order, type: .movable, options: [], mode: &one, observing: &observer)
            let second = ahead.take(order, type: .movable, options: [], mode: &other, observing: &observer)
            #expect(first == second)
            guard step % 2 == 0, let first else { continue }
            plain.free(first.frame, order: order)
            ahead.free(first.frame, order: order)
        }
    }
}
