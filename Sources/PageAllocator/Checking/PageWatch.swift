import BuddyEngine
import Topology

/// The results of checking frees: those refused, and the histories of watched pages.
@usableFromInline
struct PageWatch {
    private(set) var bad: [BadPage] = []
    private(set) var badCount = 0
    /// How many blocks were allocated and freed.
    private var number = 0
    private var watched: [Range<PageFrame>] = []
    private var histories: [PageFrame: [PageEvent]] = [:]

    /// How many refused frees are kept; more are only counted.
    static let mostKept = 100
    /// How many events of a page are kept; new ones replace the oldest.
    static let longestHistory = 32

    mutating func watch(_ pages: Range<PageFrame>) { watched.append(pages) }

    func history(of frame: PageFrame) -> [PageEvent] { histories[frame] ?? [] }

    mutating func refuse(_ page: BadPage) {
        badCount += 1
        if bad.count < Self.mostKept { bad.append(page) }
    }

    mutating func note(_ deed: PageEvent.Deed, _ first: PageFrame, _ order: Order, cpu: CPUID) {
        number += 1
        guard !watched.isEmpty else { return }
        let event = PageEvent(deed: deed, first: first, order: order, cpu: cpu, number: number)
        for range in watched {
            let part = range.clamped(to: first..<(first + order.pages))
            for page in 0..<part.pages {
                histories[part.lowerBound + page, default: []].append(event)
                if histories[part.lowerBound + page, default: []].count > Self.longestHistory {
                    histories[part.lowerBound + page]?.removeFirst()
                }
            }
        }
    }
}
