import BuddyEngine
import GFP
import SourceText
import Topology

/// Runs of pageblocks and of pages, read as values or, if they are long, straight from the text.
extension ZoneReader {
    private static let types = JSONNameTable(Migratetype.allCases.map(\.kernelName))

    func readPageblocks(_ field: JSONField) throws(SourceProblem) -> [ExactZoneState.PageblockRun] {
        if field.isLeft { return try field.scan(Self.scanPageblocks) }
        var runs: [ExactZoneState.PageblockRun] = []
        for run in try field.elements {
            let parts = try run.elements
            guard parts.count == 3 else { throw run.failure("first page frame, number and type are needed") }
            guard !parts[2].value.isNull else { continue }
            guard let type = Migratetype(kernelName: try parts[2].string) else {
                throw parts[2].failure("no migratetype has this name")
            }
            runs.append(.init(first: try parts[0].frame, count: try parts[1].count(), type: type))
        }
        return runs
    }

    func readPages(_ field: JSONField) throws(SourceProblem) -> [ExactZoneState.PageRun] {
        if field.isLeft { return try field.scan(Self.scanPages) }
        var runs: [ExactZoneState.PageRun] = []
        for run in try field.elements {
            let parts = try run.elements
            guard parts.count == 3, let use = ExactZoneState.PageUse(rawValue: UInt8(try parts[2].count(255))) else {
                throw run.failure("first page frame, number and class 0 to 4 are needed")
            }
            runs.append(.init(first: try parts[0].frame, count: try parts[1].count(), use: use))
        }
        return runs
    }

    private static func scanPageblocks(
        _ scanner: inout JSONScanner
    ) throws(JSONScanner.Failure) -> [ExactZoneState.PageblockRun] {
        var runs: [ExactZoneState.PageblockRun] = []
        try scanner.enterList()
        while try scanner.nextElement() {
            try scanner.enterList()
            let first = try scanner.nextFrame()
            let count = try scanner.nextCount()
            guard try scanner.nextElement() else { throw scanner.runIsShort }
            if try !scanner.takeNull() {
                let name = try scanner.text()
                guard let type = types.position(of: name) else {
                    throw .init(offset: name.offset, message: "no migratetype has this name")
                }
                runs.append(.init(first: first, count: count, type: Migratetype.allCases[type]))
            }
            guard try !scanner.nextElement() else { throw scanner.runIsShort }
        }
        return runs
    }

    private static func scanPages(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) -> [ExactZoneState.PageRun]
    {
        var runs: [ExactZoneState.PageRun] = []
        try scanner.enterList()
        while try scanner.nextElement() {
            try scanner.enterList()
            let first = try scanner.nextFrame()
            let count = try scanner.nextCount()
            guard let use = ExactZoneState.PageUse(rawValue: UInt8(try scanner.nextCount(255))),
                try !scanner.nextElement()
            else { throw scanner.runIsShort }
            runs.append(.init(first: first, count: count, use: use))
        }
        return runs
    }
}

extension JSONScanner {
    fileprivate mutating func nextFrame() throws(Failure) -> PageFrameNumber {
        guard try nextElement() else { throw runIsShort }
        return try frame()
    }

    fileprivate mutating func nextCount(_ limit: Int = Int(UInt32.max)) throws(Failure) -> Int {
        guard try nextElement() else { throw runIsShort }
        return try count(limit)
    }

    fileprivate var runIsShort: Failure {
        Failure(offset: at, message: "first page frame, number and their use are needed")
    }
}
