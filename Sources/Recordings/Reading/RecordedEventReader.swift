import BuddyEngine
import GFP
import SourceText

/// Reads the events of operations as words, see ``EventWords``.
struct RecordedEventReader {
    let states: StateReader
    private(set) var words: [UInt64] = []
    private let names = NameFinder<EventName>()

    init(states: StateReader) { self.states = states }

    /// The event being read: where it begins, its name, and how many of its values have been read.
    private struct Event {
        var offset: Int
        var name: String { kind.rawValue }
        var kind: EventName
        var read = 0
    }

    /// Reads the event that comes next.
    mutating func read(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) {
        let offset = try scanner.offset()
        try scanner.enterList()
        guard try scanner.nextElement() else { throw .init(offset: offset, message: "an event without a name") }
        let text = try scanner.text()
        guard let kind = names[text] else {
            throw .init(offset: text.offset, message: "\"\(text.text)\" is not an event known here")
        }
        var event = Event(offset: offset, kind: kind)
        switch kind {
        case .zoneLocked:
            let order = try number(&event, &scanner)
            let type = try type(&event, &scanner)
            let isRefill = try number(&event, &scanner)
            try enterFrames(&event, &scanner)
            while try scanner.nextElement() {
                words.append(EventWords.tookBlock.rawValue)
                words.append(order)
                words.append(type)
                words.append(isRefill)
                words.append(try scanner.frame().rawValue)
            }
        case .pcpuDrain:
            let order = try number(&event, &scanner)
            let type = try type(&event, &scanner)
            try enterFrames(&event, &scanner)
            while try scanner.nextElement() {
                words.append(EventWords.drained.rawValue)
                words.append(order)
                words.append(type)
                words.append(try scanner.frame().rawValue)
            }
        case .extfrag:
            words.append(EventWords.fellBack.rawValue)
            for _ in 1...3 { words.append(try number(&event, &scanner)) }
            for _ in 4...6 { words.append(try type(&event, &scanner)) }
        case .attempt:
            for _ in 1...2 { _ = try number(&event, &scanner) }
            words.append(EventWords.walk.rawValue)
            words.append(try number(&event, &scanner))
        case .wakeKswapd:
            words.append(EventWords.wakeKswapd.rawValue)
            for _ in 1...4 { words.append(try number(&event, &scanner)) }
        case .free:
            words.append(EventWords.freed.rawValue)
            for _ in 1...2 { words.append(try number(&event, &scanner)) }
        case .alloc: break  // Live mode: the requester's own reclaim at work.
        }
        while try scanner.nextElement() { try scanner.skip() }
    }

    private func number(
        _ event: inout Event, _ scanner: inout JSONScanner
    ) throws(JSONScanner.Failure) -> UInt64 {
        guard try scanner.nextElement() else {
            throw .init(
                offset: event.offset, message: "\"\(event.name)\" needs more than \(event.read) values")
        }
        event.read += 1
        return UInt64(try scanner.count(1 << 52))
    }

    private func type(_ event: inout Event, _ scanner: inout JSONScanner) throws(JSONScanner.Failure) -> UInt64 {
        let number = Int(try number(&event, &scanner))
        guard states.types.indices.contains(number) else {
            throw .init(offset: event.offset, message: "\(number) is not a migratetype's number")
        }
        return UInt64(states.types[number].rawValue)
    }

    private func enterFrames(_ event: inout Event, _ scanner: inout JSONScanner) throws(JSONScanner.Failure) {
        guard try scanner.nextElement() else {
            throw .init(offset: event.offset, message: "\"\(event.name)\" lacks its page frames")
        }
        try scanner.enterList()
    }
}
