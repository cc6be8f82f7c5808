import Foundation
import KernelLog
import TestSupport
import Testing

@testable import FailureAnalysis

@Suite struct FailureAnalysisTests {
    private func analysis(_ change: (inout FailureText) -> Void) throws -> FailureAnalysis {
        var text = FailureText()
        change(&text)
        return try #require(FailureAnalysis.analyses(of: LogScanner.reports(in: text.text)).first)
    }

    private func minFree(_ analysis: FailureAnalysis) -> (remedy: Remedy, change: Remedy.MinFree)? {
        analysis.remedies.lazy.compactMap { remedy in
            if case .minFree(let change) = remedy.change { (remedy, change) } else { nil }
        }.first
    }

    private static func isDropCaches(_ remedy: Remedy) -> Bool {
        if case .dropCaches = remedy.change { true } else { false }
    }

    private static func header(_ order: Int, _ mode: String) -> String {
        "worker: page allocation failure: order:\(order), mode:\(mode), nodemask=(null),cpuset=/,mems_allowed=0"
    }

    @Test func `many small blocks are fragmentation`() throws {
        let analysis = try analysis { $0.header = Self.header(3, "0xcc0(GFP_KERNEL)") }
        #expect(analysis.cause == .fragmentation)
        #expect(analysis.isRefused == true)
        #expect(analysis.zones.map(\.outcome) == [.look(.noBlock)])
        let lower = try #require(analysis.remedies.first)
        #expect(lower.change == .lowerOrder(0, insteadOf: 3) && lower.helps)
    }

    @Test func `the largest order is not too large, the one above it is`() throws {
        #expect(try analysis { $0.header = Self.header(10, "0xcc0(GFP_KERNEL)") }.cause == .fragmentation)
        #expect(try analysis { $0.header = Self.header(11, "0xcc0(GFP_KERNEL)") }.cause == .orderTooLarge)
    }

    @Test func `blocks that only CMA has are none for the kernel's own requests`() throws {
        let analysis = try analysis {
            $0.header = Self.header(4, "0xcc0(GFP_KERNEL)")
            $0.free = 72_768
            $0.freeCMA = 32_768
            $0.blocks =
                "10000*4kB (UM) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 8*4096kB (C)"
        }
        #expect(analysis.cause == .fragmentation, "\(analysis.verdict)")
    }

    @Test func `a zone of a sixtieth does not tell of fragmentation`() throws {
        var text = FailureText()
        text.header = Self.header(3, "0xcc0(GFP_KERNEL)")
        text.free = 2_000
        text.blocks = "0*4kB 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 2*1024kB (UM) 0*2048kB 0*4096kB"
        let dma = """
            Node 0 DMA free:8000kB boost:0kB min:64kB low:80kB high:96kB reserved_highatomic:0KB active_anon:0kB \
            inactive_anon:0kB active_file:0kB inactive_file:0kB unevictable:0kB writepending:0kB present:15992kB \
            managed:15360kB mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB
            lowmem_reserve[]: 0 0 0 0 0

            """
        let blocks = """
            Node 0 DMA: 2000*4kB (UM) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = 8000kB

            """
        let whole = text.text.replacing("Node 0 Normal free:", with: dma + "Node 0 Normal free:")
            .replacing("Node 0 Normal: ", with: blocks + "Node 0 Normal: ")
        let analysis = try #require(FailureAnalysis.analyses(of: LogScanner.reports(in: whole)).first)
        #expect(analysis.zones.count == 2 && analysis.isRefused == true)
        #expect(analysis.cause != .fragmentation && analysis.cause != .unknown, "\(analysis.cause)")
    }

    @Test func `a state that would serve is said to be one`() throws {
        let analysis = try analysis { _ in }
        #expect(analysis.cause == .stateWouldServe)
        #expect(analysis.isRefused == false)
        #expect(analysis.remedies.isEmpty)
    }

    @Test func `a larger min free kbytes is found by bisection`() throws {
        let analysis = try analysis {
            $0.header = Self.header(0, "0xa20(GFP_ATOMIC)")
            $0.free = 1200
            $0.fileCache = 400_000
            $0.blocks = "300*4kB (UM) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB"
        }
        #expect(analysis.cause == .reservesExhausted)
        let (remedy, change) = try #require(minFree(analysis))
        #expect(remedy.helps)
        // 300 pages are free and 3/8 of 1000 are wanted. With n pages more in the mark, 300 + n must exceed 3/8 of
        // 1000 + n: the smallest n is 121.
        #expect(change.needed.map { (4484...4492).contains($0) } == true, "\(change)")
        #expect(change.now == 4000)
        #expect(analysis.remedies.contains { Self.isDropCaches($0) && $0.helps })
    }

    @Test func `without anything to reclaim a larger mark does not help`() throws {
        let analysis = try analysis {
            $0.header = Self.header(0, "0xa20(GFP_ATOMIC)")
            $0.free = 1200
            $0.blocks = "300*4kB (UM) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB"
        }
        #expect(try #require(minFree(analysis)).remedy.helps == false)
        #expect(analysis.remedies.contains { Self.isDropCaches($0) && !$0.helps })
    }

    @Test func `a boost is taken off and tried`() throws {
        let analysis = try analysis {
            $0.header = Self.header(0, "0x800(GFP_NOWAIT)")
            $0.free = 20_000
            $0.boost = 40_000
            $0.blocks = "5000*4kB (UM) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB"
        }
        #expect(analysis.cause == .watermarkBoost)
        #expect(analysis.remedies.contains { $0.change == .withoutBoost && $0.helps })
    }

    @Test func `free memory of CMA is not for kernel requests`() throws {
        let analysis = try analysis {
            $0.header = Self.header(0, "0xcc0(GFP_KERNEL)")
            $0.free = 66_560
            $0.freeCMA = 65_536
            $0.blocks =
                "256*4kB (UM) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 16*4096kB (C)"
        }
        #expect(analysis.cause == .cmaOnly)
        #expect(analysis.zones.first?.cma == 16_384)
        #expect(analysis.remedies.contains { $0.change == .movable(unlistedFree: nil) && $0.helps })
    }

    @Test func `without letters the largest blocks are CMA`() throws {
        let analysis = try analysis {
            $0.header = Self.header(0, "0xcc0(GFP_KERNEL)")
            $0.free = 66_560
            $0.freeCMA = 65_536
            $0.blocks = "256*4kB 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 16*4096kB"
        }
        #expect(analysis.cause == .cmaOnly)
        #expect(analysis.zones.first?.cma == 16_384)
    }

    @Test func `atomic reservations are taken off`() throws {
        let analysis = try analysis {
            $0.header = Self.header(0, "0x80800(GFP_NOWAIT|__GFP_NOMEMALLOC)")
            $0.free = 8192
            $0.reservedHighAtomic = 6144
            $0.blocks = "512*4kB (UM) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 3*2048kB (H) 0*4096kB"
        }
        #expect(analysis.cause == .highAtomic)
    }

    /// Found by fuzzing: the node without memory may be listed, and be the one whose CPU asks.
    @Test func `a node that is listed without zones may be the one tied to`() throws {
        var text = FailureText()
        text.header = Self.header(0, "0x200cc0(GFP_KERNEL|__GFP_THISNODE)")
        let log = text.text.replacingOccurrences(of: "Node 0 Normal", with: "Node 1 Normal")
        let analysis = try #require(FailureAnalysis.analyses(of: LogScanner.reports(in: log)).first)
        #expect(analysis.cause == .memorylessNode)
    }

    @Test func `an order beyond the largest is the caller's mistake`() throws {
        let analysis = try analysis { $0.header = Self.header(11, "0xcc0(GFP_KERNEL)") }
        #expect(analysis.cause == .orderTooLarge)
        #expect(analysis.isRefused == true)
    }

    @Test func `what is assumed is said`() throws {
        let analysis = try analysis { $0.header = Self.header(3, "0xcc0(GFP_KERNEL)") }
        #expect(
            analysis.assumptions.contains {
                if case .layout(let note) = $0 { note.contains("no addresses") } else { false }
            })
        #expect(analysis.machine?.profile.name == "6.1")
    }

    /// Whatever a log says, there is an answer: bytes are changed at random, figures grow beyond all bounds.
    @Test(arguments: 0..<12)
    func `damaged reports are answered`(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<12 {
            var text = FailureText()
            text.header = Self.header(Int.random(in: 0...12, using: &generator), "0xcc0(GFP_KERNEL)")
            var bytes = Array(text.text.utf8)
            for _ in 0..<Int.random(in: 1...12, using: &generator) {
                let position = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[position] = UInt8.random(in: 0x20...0x7E, using: &generator)
                case 1: bytes.insert(contentsOf: "9223372036854775807".utf8, at: position)
                case 2: bytes.insert(contentsOf: "99999999999999".utf8, at: position)
                default: bytes.removeSubrange(position..<min(bytes.count, position + 7))
                }
            }
            for analysis in FailureAnalysis.analyses(of: LogScanner.reports(in: bytes)) {
                #expect(analysis.zones.count <= 4, "seed \(seed)")
            }
        }
    }
}

@Suite struct CauseDocumentTests {
    @Test func `every cause is documented`() throws {
        let file = SharedMaterial.packageRoot.appendingPathComponent("Documentation/Failures/Causes.md")
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        for cause in Cause.allCases { #expect(text.contains("`\(cause.rawValue)`"), "\(cause.rawValue)") }
    }
}

@Suite struct AllocatorWarningTests {
    private func cause(_ function: String, kernel: String = "6.1.0-28-amd64") throws -> FailureAnalysis {
        let log = """
            WARNING: CPU: 0 PID: 1 at mm/page_alloc.c:5535 \(function)+0x244/0x330
            Modules linked in: asker(OE)
            CPU: 0 PID: 1 Comm: init Not tainted \(kernel) #1  Debian
            RIP: 0010:\(function)+0x244/0x330
            Call Trace:
             <TASK>
             __kmalloc_large_node+0x75/0x110
             </TASK>
            ---[ end trace 0000000000000000 ]---
            """
        return try #require(FailureAnalysis.analyses(of: LogScanner.reports(in: log)).first)
    }

    @Test(arguments: ["__alloc_pages", "__alloc_pages_noprof", "__alloc_frozen_pages_noprof", "__alloc_pages_nodemask"])
    func `too large an order is told by the function that refuses it`(_ function: String) throws {
        #expect(try cause(function).cause == .orderTooLarge)
    }

    @Test func `the slow path refused it on old kernels`() throws {
        #expect(try cause("__alloc_pages_slowpath", kernel: "4.9.0-19-amd64").cause == .orderTooLarge)
        #expect(try cause("__alloc_pages_slowpath.constprop.0").cause == .unknown)
    }

    @Test(arguments: ["get_page_from_freelist", "rmqueue", "free_unref_page"])
    func `other warnings are not refusals`(_ function: String) throws {
        let analysis = try cause(function)
        #expect(analysis.cause == .unknown)
        #expect(analysis.isRefused == nil)
        switch analysis.verdict {
        case .notAsked(.nofailBeyondPromise): #expect(function != "free_unref_page")
        case .notAsked(.wrongFree(let named)): #expect(named == function)
        default: Issue.record("\(analysis.verdict)")
        }
    }
}
