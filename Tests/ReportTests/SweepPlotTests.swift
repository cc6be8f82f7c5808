import SourceText
import Testing

@testable import Report

@Suite struct SweepPlotTests {
    @Test func `files stand without their folders, unless two would have one name`() {
        let names = SweepPlot.names(of: ["a/one.json", "b/two.json5", "c/two.json5", "6.12", "16 MiB, scale 1.5"])
        #expect(
            names == [
                "a/one.json": "one", "b/two.json5": "b/two.json5", "c/two.json5": "c/two.json5", "6.12": "6.12",
                "16 MiB, scale 1.5": "16 MiB, scale 1.5",
            ])
    }

    @Test func `as many lines as there are colours have marks of their own`() {
        let paths = Set((0..<8).map { SweepMark($0).path(x: 10, y: 10).source })
        #expect(paths.count == 8)
        #expect(SweepMark(8) == SweepMark(0))
    }
}
