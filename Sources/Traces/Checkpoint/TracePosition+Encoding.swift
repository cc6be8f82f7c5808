import GFP

extension TraceInput.Position {
    private static var counts: [WritableKeyPath<TraceTally, Int>] {
        [
            \.lines, \.foreignLines, \.malformedLines, \.overlongLines, \.unusedEvents, \.lostEvents,
            \.eventsOutOfOrder, \.eventsWithoutFrame,
        ]
    }

    private static let mostTexts = 1 << 14

    func encode(into encoder: inout CheckpointEncoder) throws(TraceError) {
        switch self {
        case .text(let position):
            try encoder.put(false)
            try encoder.put(position.offset)
            try encoder.put(position.isInOverlongLine)
            try encoder.put(position.lastTime)
            for count in Self.counts { try encoder.put(position.tally[keyPath: count]) }
            try encoder.put(position.tally.events)
            try encoder.put(position.tally.firstProblem?.line ?? 0)
            try encoder.put(position.tally.firstProblem?.message ?? "")
            try encoder.put(position.masks.count)
            for mask in position.masks { try encoder.put(mask) }
            try encoder.put(position.marks.count)
            for mark in position.marks { try encoder.put(mark) }
        case .binary(let position):
            try encoder.put(true)
            for number in [position.offset, position.events, position.lostEvents] { try encoder.put(number) }
            try encoder.put(position.time)
            try encoder.put(position.tasks.map { UInt64($0) })
            try encoder.put(position.vocabulary.masks.count)
            for mask in position.vocabulary.masks {
                try encoder.put(mask.flags.rawValue)
                try encoder.put(mask.text)
                try encoder.put(mask.unknown)
            }
            try encoder.put(position.vocabulary.marks.count)
            for mark in position.vocabulary.marks { try encoder.put(mark) }
        }
    }

    init(from decoder: inout CheckpointDecoder) throws(TraceError) {
        self = try decoder.flag() ? .binary(Self.binary(&decoder)) : .text(Self.text(&decoder))
    }

    private static func text(_ decoder: inout CheckpointDecoder) throws(TraceError) -> TraceTextReader.Position {
        var position = TraceTextReader.Position()
        position.offset = try decoder.integer()
        position.isInOverlongLine = try decoder.flag()
        position.lastTime = try decoder.number()
        for count in Self.counts { position.tally[keyPath: count] = try decoder.integer() }
        let kinds = position.tally.events.count
        position.tally.events = try decoder.integers(atMost: kinds)
        guard position.tally.events.count == kinds else { throw decoder.damaged("a table of counts has another size") }
        let line = try decoder.integer()
        let message = try decoder.text()
        if line > 0 { position.tally.firstProblem = TraceTally.Problem(line: line, message: message) }
        for _ in 0..<(try decoder.integer(0...Self.mostTexts)) {
            position.masks.append(try decoder.bytes(atMost: TraceTextReader.longestLine))
        }
        for _ in 0..<(try decoder.integer(0...Self.mostTexts)) { position.marks.append(try decoder.text()) }
        return position
    }

    private static func binary(_ decoder: inout CheckpointDecoder) throws(TraceError) -> BinaryTraceReader.Position {
        var position = BinaryTraceReader.Position()
        position.offset = try decoder.integer()
        position.events = try decoder.integer()
        position.lostEvents = try decoder.integer()
        position.time = try decoder.number()
        position.tasks = try decoder.integers(0...Int(UInt32.max), atMost: 1 << 12).map { UInt32($0) }
        guard position.tasks.count == 1 << 12 else { throw decoder.damaged("a table of tasks has another size") }
        for _ in 0..<(try decoder.integer(0...Self.mostTexts)) {
            let flags = GFPFlags(rawValue: try decoder.number())
            position.vocabulary.masks.append(
                TraceVocabulary.Mask(text: try decoder.text(), flags: flags, unknown: try decoder.text()))
        }
        for _ in 0..<(try decoder.integer(0...Self.mostTexts)) {
            position.vocabulary.marks.append(try decoder.text())
        }
        return position
    }
}
