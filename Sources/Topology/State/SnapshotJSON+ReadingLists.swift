import BuddyEngine
import GFP
import SourceText

/// Reads long lists straight from the text. Anything unusual makes the reader start again with the whole text as a
/// tree, which reports it in the same words, and with its place, like any other problem.
extension SnapshotReader {
    private static let types = JSONNameTable(Migratetype.allCases.map(\.kernelName))
    private static let uses = JSONNameTable(SnapshotJSON.uses.map(\.name))

    mutating func leftRuns(_ value: JSONValue, _ order: Order, _ span: ZoneSpan) -> [FreeList.Run] {
        if coverage == nil { coverage = PageCoverage(span) }
        let pages = order.pages
        var runs: [FreeList.Run] = []
        scan(value) { reader, scanner throws(JSONScanner.Failure) in
            try scanner.enterList()
            while try scanner.nextElement() {
                let run = try reader.run(&scanner)
                guard run.first.rawValue & UInt64(pages - 1) == 0,
                    reader.coverage?.take(run.first, run.count * pages) == true
                else { return reader.needsWhole = true }
                runs.append(run)
            }
        }
        return runs
    }

    mutating func readLeft(
        _ value: JSONValue, pageblocksWithin span: Range<PageFrame>, _ state: inout ExactZoneState
    ) {
        let pages = topology.pageblockOrder.pages
        var runs: [ExactZoneState.PageblockRun] = []
        scan(value) { reader, scanner throws(JSONScanner.Failure) in
            try scanner.enterList()
            while try scanner.nextElement() {
                let (run, type) = try reader.typedRun(&scanner, Self.types)
                guard run.first.rawValue & UInt64(pages - 1) == 0, run.first >= span.lowerBound,
                    run.first + run.count * pages <= span.upperBound, let type
                else { return reader.needsWhole = true }
                runs.append(.init(first: run.first, count: run.count, type: Migratetype.allCases[type]))
            }
        }
        state.pageblocks = runs
    }

    mutating func readLeft(_ value: JSONValue, pagesOf span: ZoneSpan, _ state: inout ExactZoneState) {
        var runs: [ExactZoneState.PageRun] = []
        scan(value) { reader, scanner throws(JSONScanner.Failure) in
            try scanner.enterList()
            while try scanner.nextElement() {
                let (run, use) = try reader.typedRun(&scanner, Self.uses)
                guard run.first >= span.start, run.first + run.count <= span.end, let use else {
                    return reader.needsWhole = true
                }
                runs.append(.init(first: run.first, count: run.count, use: SnapshotJSON.uses[use].use))
            }
        }
        state.pages = runs
    }

    private mutating func scan(
        _ value: JSONValue, _ body: (inout SnapshotReader, inout JSONScanner) throws(JSONScanner.Failure) -> Void
    ) {
        do throws(JSONScanner.Failure) {
            let document = shapes.document
            try document.scan(value) { scanner throws(JSONScanner.Failure) in try body(&self, &scanner) }
        } catch { needsWhole = true }
    }

    /// Reads `first` or `[first, count]`.
    private func run(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) -> FreeList.Run {
        guard try scanner.isAtList() else {
            return FreeList.Run(first: PageFrame(try scanner.count(SnapshotJSON.numbers.upperBound)))
        }
        try scanner.enterList()
        let first = try element(&scanner, SnapshotJSON.numbers)
        let count = try element(&scanner, 1...Int(BuddySpan.largestSpan))
        try end(&scanner)
        return FreeList.Run(first: PageFrame(first), count: count)
    }

    /// Reads `[first, count, "what"]`; the word is returned as its position, nil for an unknown one.
    private func typedRun(
        _ scanner: inout JSONScanner, _ words: JSONNameTable
    ) throws(JSONScanner.Failure) -> (FreeList.Run, Int?) {
        try scanner.enterList()
        let first = try element(&scanner, SnapshotJSON.numbers)
        let count = try element(&scanner, 1...Int(BuddySpan.largestSpan))
        guard try scanner.nextElement() else { throw .init(offset: scanner.at, message: "a word is missing") }
        let word = words.position(of: try scanner.text())
        try end(&scanner)
        return (FreeList.Run(first: PageFrame(first), count: count), word)
    }

    private func element(
        _ scanner: inout JSONScanner, _ range: ClosedRange<Int>
    ) throws(JSONScanner.Failure) -> Int {
        guard try scanner.nextElement() else { throw .init(offset: scanner.at, message: "a number is missing") }
        let number = try scanner.count(range.upperBound)
        guard number >= range.lowerBound else { throw .init(offset: scanner.at, message: "a number is too small") }
        return number
    }

    private func end(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) {
        guard try !scanner.nextElement() else { throw .init(offset: scanner.at, message: "there is too much") }
    }
}
