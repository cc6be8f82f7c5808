import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Allocator events as words, in which form a recording and a replay are compared.
///
/// Each event begins with a word for its kind, which fixes the number of words after it. Runs of blocks that a
/// recording joins are single events here.
public enum EventWords: UInt64, Sendable {
    /// Order, type, refill (0 or 1), page frame.
    case tookBlock = 0x7A6C
    /// Page frame, order, block's order, wanted type, type taken from, pageblock's type.
    case fellBack
    /// Order, type, page frame.
    case drained
    /// Alloc flags.
    case walk
    /// Node, zone index, order, highest zone index.
    case wakeKswapd
    /// Page frame, order. Recorded in live recordings where the requester's own reclaim freed a block.
    case freed

    /// The number of words after the kind.
    public var length: Int {
        switch self {
        case .tookBlock: 4
        case .fellBack: 6
        case .drained: 3
        case .walk: 1
        case .wakeKswapd: 4
        case .freed: 2
        }
    }

    /// Events as readable text, one line each.
    static func describe(_ words: ArraySlice<UInt64>, zoneNames: [String]) -> [String] {
        var lines: [String] = []
        var position = words.startIndex
        func type(_ word: UInt64) -> String {
            Migratetype(rawValue: UInt8(truncatingIfNeeded: word))?.kernelName ?? "type \(word)"
        }
        while position < words.endIndex, let kind = EventWords(rawValue: words[position]),
            position + kind.length < words.endIndex
        {
            let event = Array(words[(position + 1)...(position + kind.length)])
            position += kind.length + 1
            switch kind {
            case .tookBlock:
                lines.append("took page frame \(event[3]) off the \(type(event[1])) lists, order \(event[0])")
            case .fellBack:
                lines.append(
                    "\(type(event[3])) fell back to \(type(event[4])): page frame \(event[0]) of an order-\(event[2]) block, "
                        + "pageblock then \(type(event[5]))")
            case .drained:
                lines.append("gave page frame \(event[2]), order \(event[0]), back to the \(type(event[1])) lists")
            case .walk:
                lines.append("walk with \(AllocFlags(rawValue: UInt32(truncatingIfNeeded: event[0])))")
            case .wakeKswapd:
                let zone = Int(event[1]) < zoneNames.count ? zoneNames[Int(event[1])] : "\(event[1])"
                lines.append("woke kswapd of node \(event[0]), zone \(zone), order \(event[2])")
            case .freed:
                lines.append("freed page frame \(event[0]), order \(event[1])")
            }
        }
        return lines
    }
}
