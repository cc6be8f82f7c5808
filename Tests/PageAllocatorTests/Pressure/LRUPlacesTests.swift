import BuddyEngine
import TestSupport
import Testing

@testable import PageAllocator

/// Where reclaim finds its pages, beside a dictionary.
@Suite struct LRUPlacesTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `places are those of a dictionary, whatever comes and goes`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var places = LRUPlaces()
        var known: [UInt64: Int32] = [:]
        // Few different frames first, so that they come and go; many later, so that the table grows.
        for step in 0..<12_000 {
            let spread: UInt64 = step < 6000 ? 300 : 4000
            let number = random.next() % spread &* (seed == 2 ? 512 : 1)
            if random.next() % 5 < 3 {
                known[number] = Int32(step)
                places[PageFrame(rawValue: number)] = Int32(step)
            } else {
                known[number] = nil
                places[PageFrame(rawValue: number)] = nil
            }
            let other = random.next() % spread
            #expect(places[PageFrame(rawValue: other)] == known[other], "\(random), step \(step)")
        }
        for (number, place) in known { #expect(places[PageFrame(rawValue: number)] == place, "\(random)") }
    }
}
