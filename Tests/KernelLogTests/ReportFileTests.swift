import SourceText
import Testing

@testable import KernelLog

@Suite struct ReportFileTests {
    /// Forty reports, each of 66 lines and with an order of its own.
    private static let log = Array(
        (0..<40).map { LogFixture.atomic.replacing("order:0", with: "order:\($0)") }.joined().utf8)
    private static let linesOfOne = LogFixture.atomic.split(separator: "\n", omittingEmptySubsequences: false).count - 1

    private func file(wanted: Int? = nil, _ change: (inout ReportFile.Limits) -> Void = { _ in }) throws -> ReportFile {
        var limits = ReportFile.Limits()
        change(&limits)
        var stream = ByteStream(name: "log", bytes: Self.log)
        return try ReportFile(&stream, wanted: wanted, limits: limits)
    }

    @Test func `all reports of a log are kept, in order, with their lines`() throws {
        let file = try file()
        #expect(file.count == 40 && file.omitted == 0 && file.firstNumber == 1)
        #expect(file.reports.map(\.order) == Array(0..<40))
        #expect(file.reports.map(\.line) == (0..<40).map { $0 * Self.linesOfOne + 1 })
        #expect(file.head.count == Self.log.count)
    }

    @Test func `beyond the limit reports are only counted`() throws {
        let file = try file {
            $0.reports = 10
            $0.headBytes = 100
        }
        #expect(file.reports.map(\.order) == Array(0..<10))
        #expect(file.count == 40 && file.omitted == 30 && file.head.count == 100)
    }

    @Test(arguments: [1, 9, 10, 11, 25, 40])
    func `the report that is wanted is kept, with those before it`(_ number: Int) throws {
        let file = try file(wanted: number) { $0.reports = 10 }
        #expect(file.count == 40)
        #expect(file.reports.count == 10)
        #expect(file.reports.indices.contains(number - file.firstNumber))
        #expect(file.reports[number - file.firstNumber].order == number - 1)
    }

    @Test func `few reports with very many entries are too many as well`() throws {
        let file = try file { $0.entries = 60 }
        #expect((1...3).contains(file.reports.count))
        #expect(file.count == 40)
    }

    @Test func `A number that the log does not have keeps what there is`() throws {
        let file = try file(wanted: 50) { $0.reports = 10 }
        #expect(file.count == 40 && file.reports.last?.order == 39)
    }
}
