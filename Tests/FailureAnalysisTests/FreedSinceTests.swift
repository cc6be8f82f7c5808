import KernelLog
import Testing

@testable import FailureAnalysis

/// A report is printed after the refusal: what little was freed in between must not hide the cause.
@Suite struct FreedSinceTests {
    private static func singlePages(_ pages: Int) -> String {
        "\(pages)*4kB (UM) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB"
    }

    private func analysis(_ change: (inout FailureText) -> Void) throws -> FailureAnalysis {
        var text = FailureText()
        text.header =
            "worker: page allocation failure: order:0, mode:0x820(GFP_ATOMIC), nodemask=(null),cpuset=/,mems_allowed=0"
        change(&text)
        return try #require(FailureAnalysis.analyses(of: LogScanner.reports(in: text.text)).first)
    }

    @Test func `a few pages above the mark are taken to have been freed after the refusal`() throws {
        // The mark is 3/8 of 4000 KiB for GFP_ATOMIC; a thirty-second of the zone is 31,250 KiB.
        let analysis = try analysis {
            $0.free = 20_000
            $0.blocks = Self.singlePages(5_000)
        }
        #expect(analysis.cause == .reservesExhausted)
        #expect(analysis.isRefused == true)
        let freed = try #require(analysis.figures?.freedSince)
        #expect(freed > 4_000 && freed < 5_000)
        #expect(analysis.assumptions.contains(.freedSince(pages: freed)))
        // The table shows what the report says.
        #expect(analysis.zones.map(\.free) == [5_000])
        #expect(analysis.zones.map(\.outcome) == [.freedSince])
    }

    @Test func `much above the mark is not explained away`() throws {
        let analysis = try analysis { $0.free = 64_000 }
        #expect(analysis.cause == .stateWouldServe)
        #expect(analysis.figures?.freedSince == 0)
        // 16,000 pages are free, and 375 are enough for GFP_ATOMIC: 3/8 of the min mark.
        #expect(analysis.figures?.margin == 15_625)
    }

    @Test func `a block that is there is not explained away where memory is plentiful`() throws {
        let analysis = try analysis {
            $0.header = $0.header.replacing("order:0", with: "order:1")
            $0.free = 20_000
            $0.blocks =
                "4000*4kB (UM) 500*8kB (UM) 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB"
        }
        #expect(analysis.cause == .stateWouldServe)
        #expect(analysis.figures?.blocksLeft == 500)
    }

    @Test func `with a zone's figures lost nothing is taken to have been freed since`() throws {
        var text = FailureText()
        text.header =
            "worker: page allocation failure: order:0, mode:0x820(GFP_ATOMIC), nodemask=(null),cpuset=/,mems_allowed=0"
        text.free = 20_000
        let lines = text.text.split(separator: "\n").filter { !$0.contains("*4kB") }.joined(separator: "\n")
        let analysis = try #require(FailureAnalysis.analyses(of: LogScanner.reports(in: lines)).first)
        #expect(analysis.cause == .unknown)
        #expect(analysis.verdict == .undecided)
    }
}
