import KernelLog
import Testing

@testable import FailureAnalysis

/// What a log shows of the time between a refusal and the state that it prints, a step at a time.
@Suite struct LikelyCourseTests {
    private static func single(_ pages: Int) -> String {
        "\(pages)*4kB (UM) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB"
    }

    /// A report whose state would serve the request, with time stamps.
    private func log(
        _ mask: String = "0x820(GFP_ATOMIC)", order: Int = 0, at second: Double = 100, name: String = "worker",
        _ change: (inout FailureText) -> Void = { _ in }
    ) -> String {
        var text = FailureText()
        text.header =
            "\(name): page allocation failure: order:\(order), mode:\(mask), nodemask=(null),cpuset=/,mems_allowed=0"
        change(&text)
        return text.text.split(separator: "\n").enumerated().map { index, line in
            // The zones are printed half a second after the first line.
            let time = second + (line.hasPrefix("Node 0 Normal free") || index > 10 ? 0.5 : 0)
            return "[\(Int(time)).\(time == time.rounded(.down) ? "000000" : "500000")] \(line)"
        }.joined(separator: "\n") + "\n"
    }

    private func steps(_ logs: String...) throws -> [LikelyCourse.Step] {
        let last = try #require(FailureAnalysis.analyses(of: LogScanner.reports(in: logs.joined())).last)
        return try #require(last.course, "\(last.cause)").steps
    }

    @Test func `urgent requests took free memory to their mark`() throws {
        // 16,000 pages are free, and 375 must stay.
        let steps = try steps(log())
        #expect(steps.first == .fell(pages: 15_625, free: 375, .urgentBurst))
        #expect(steps.last == .printed(free: 16_000, before: nil))
    }

    @Test func `a request that may not go below the mark met it there`() throws {
        let steps = try steps(log("0x800(__GFP_KSWAPD_RECLAIM)"))
        #expect(steps.first == .fell(pages: 15_000, free: 1_000, .atMinMark))
    }

    @Test func `one that may wait had reclaimed itself, and the CPUs' lists emptied`() throws {
        let steps = try steps(log("0xcc0(GFP_KERNEL)") { $0.counters = "free:16000 free_pcp:12 free_cma:0" })
        #expect(steps.contains(.reclaimedItself(isBlock: false)))
        #expect(steps.contains(.emptiedCPULists(left: 12)))
        #expect(steps.contains { if case .fell(_, _, .fasterThanReclaim) = $0 { true } else { false } })
        let urgent = try self.steps(log())
        #expect(!urgent.contains { if case .reclaimedItself = $0 { true } else { false } })
    }

    @Test func `pages on the CPUs' lists were not there for one that cannot wait`() throws {
        #expect(try steps(log { $0.counters = "free:16000 free_pcp:700 free_cma:0" }).contains(.onCPULists(pages: 700)))
        #expect(try !steps(log()).contains { if case .onCPULists = $0 { true } else { false } })
    }

    @Test func `for a large block, few of which are there, a block was missing`() throws {
        let blocks =
            "15968*4kB (UM) 0*8kB 0*16kB 4*32kB (UM) 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB"
        let steps = try steps(log(order: 3) { $0.blocks = blocks })
        #expect(steps.first == .blockWasMissing(order: 3, blocks: 4))
    }

    @Test func `kswapd has reached its aim, is at work, or has given up`() throws {
        #expect(try steps(log()).contains(.kswapd(.done)))
        let short = try steps(
            log { text in
                text.free = 5_600
                text.counters = "free:1400 free_pcp:0 free_cma:0 isolated_file:64 writeback:200"
                text.blocks = Self.single(1_400)
            })
        #expect(short.contains { if case .kswapd(.atWork(isolated: 64, written: _)) = $0 { true } else { false } })
        let hopeless = log().replacing("all_unreclaimable? no", with: "all_unreclaimable? yes")
        #expect(try steps(hopeless).contains(.kswapd(.givenUp)))
        // A mask without the flag wakes nobody.
        let silent = try steps(log("0x20(__GFP_HIGH)"))
        #expect(!silent.contains { if case .kswapd = $0 { true } else { false } })
    }

    @Test func `other refusals shortly before show that memory was short`() throws {
        let steps = try steps(log(at: 96), log("0xcc0(GFP_KERNEL)", at: 98), log(at: 100))
        #expect(steps.first == .refusedBefore(reports: 2, urgent: 1, seconds: 4))
        #expect(steps.last == .printed(free: 16_000, before: 16_000))
        // Long ago is no sign.
        #expect(try self.steps(log(at: 10), log(at: 100)).first == .fell(pages: 15_625, free: 375, .urgentBurst))
    }

    @Test func `a process that was killed just before gave its pages back`() throws {
        let kill =
            "[98.000000] Out of memory: Killed process 77 (hog) total-vm:90000kB, anon-rss:80000kB, file-rss:0kB\n"
        #expect(try steps(kill, log()).contains(.killed(name: "hog", pid: 77, pages: 20_000, seconds: 2)))
    }

    @Test func `marks and reserves that were more in an earlier report have decayed since`() throws {
        let before = log(at: 95) {
            $0.boost = 8_000
            $0.reservedHighAtomic = 4_096
        }
        let steps = try steps(before, log(at: 100) { $0.reservedHighAtomic = 2_048 })
        #expect(steps.contains(.boostDecayed(from: 2_000, to: 0)))
        #expect(steps.contains(.releasedHighAtomic(from: 1_024, to: 512)))
    }

    @Test func `the time that printing took is told`() throws {
        #expect(try steps(log()).contains(.printedLater(milliseconds: 500)))
        // Without time stamps nothing is.
        var text = FailureText()
        text.header = text.header.replacing("0xcc0(GFP_KERNEL)", with: "0x820(GFP_ATOMIC)")
        #expect(try !steps(text.text).contains { if case .printedLater = $0 { true } else { false } })
    }

    @Test func `what is refused by the printed state has no such course`() throws {
        let full = log {
            $0.free = 400
            $0.blocks = Self.single(100)
        }
        let analysis = try #require(FailureAnalysis.analyses(of: LogScanner.reports(in: full)).first)
        #expect(analysis.isRefused == true && analysis.course == nil)
    }

    @Test func `a few pages that are assumed to have been freed since have one`() throws {
        let steps = try steps(
            log {
                $0.free = 20_000
                $0.blocks = Self.single(5_000)
            })
        #expect(steps.first == .fell(pages: 4_625, free: 375, .urgentBurst))
        #expect(steps.last == .printed(free: 5_000, before: nil))
    }
}
