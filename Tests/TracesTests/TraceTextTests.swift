import GFP
import SourceText
import TestSupport
import Testing
import Traces

@Suite struct TraceTextTests {
    @Test func `ftrace's columns give CPU, task, time, page frame and mask`() throws {
        let reading = try TraceReading(
            """
            # tracer: nop
            #           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
                      dump/0-102     [000] d..1.     4.891603: tracing_mark_write: oracle_state start
                        init-1       [001] .....     4.929116: mm_page_alloc: page=00000000cf03e9e0 pfn=0x58f2 order=1 migratetype=0 gfp_flags=GFP_KERNEL_ACCOUNT|__GFP_ZERO
                 my [x] task-77      (     75) [012] d..3.     4.930000: mm_page_alloc_zone_locked: page=0000000085591f4d pfn=0x6223 order=0 migratetype=2 percpu_refill=1

            """)
        #expect(reading.events.map(\.kind) == [.mark, .allocation, .taken])
        #expect(reading.vocabulary.marks == ["oracle_state start"])
        let allocation = reading.events[1]
        #expect(
            allocation
                == TraceEvent(
                    .allocation, frame: 0x58F2, order: 1, cpu: 1, time: 4_929_116_000, task: 1, migratetype: 0))
        #expect(reading.vocabulary.masks.map(\.flags) == [[.io, .fs, .reclaim, .account, .zero]])
        let taken = reading.events[2]
        #expect(
            taken
                == TraceEvent(.taken, frame: 0x6223, cpu: 12, time: 4_930_000_000, task: 77, migratetype: 2, detail: 1))
        #expect(reading.tally.foreignLines == 2)
        #expect(reading.tally.firstProblem == nil)
    }

    @Test(
        arguments: [
            (
                "              sh-115   [001]     6.363833: mm_page_free:         page=0xffffffff8243e1d8 pfn=0x28aa8 order=1",
                0x28AA8, 1, 115
            ),
            (
                "perf  6429 [003]    22.498450:              kmem:mm_page_free: page=0x176a17 pfn=1534487 order=0",
                1_534_487, 3, 6429
            ),
            (
                ">   terminal-1567  [000]  4415.246466: mm_page_free_direct: page=ffffea0003db9f40 pfn=1155800 order=0",
                1_155_800, 0, 1567
            ),
            (
                "1287587.105144 |   1)               |  /* mm_page_free: page=0000000082b1fe73 pfn=1704824 order=0 */",
                1_704_824, 1, 0
            ),
            (
                "    kworker/10:1-440     [010] .....   355.369905: mm_page_free: page=00000000dc8c03bd pfn=0x182190 order=2",
                0x182190, 10, 440
            ),
            ("  mm_page_free: page=0xffffffff981685f3 pfn=0x122233 order=0", 0x122233, 0, 0),
        ] as [(String, UInt64, UInt32, UInt32)])
    func `every tracer's line is understood`(line: String, frame: UInt64, cpu: UInt32, task: UInt32) throws {
        let reading = try TraceReading(line + "\n")
        let event = try #require(reading.events.first)
        #expect(event.kind == .free && event.frame == frame && event.cpu == cpu && event.task == task)
        #expect(event.hasFrame && reading.tally.malformedLines == 0)
    }

    @Test func `LTTng's fields have spaces, no page frame, and masks as numbers of the traced kernel`() throws {
        let reading = try TraceReading(
            """
            [08:36:01.211418039] (+0.000001400) box mm_page_alloc: { cpu_id = 2 }, { page = 0xC10AEA00, order = 0, gfp_flags = 208, migratetype = 0 }
            [08:36:01.213260039] (+0.000002000) box mm_page_free: { cpu_id = 2 }, { page = 0xC10AEA00, order = 0 }

            """, kernel: KernelVersion(3, 10))
        #expect(reading.events.map(\.cpu) == [2, 2])
        #expect(reading.events.map(\.frame) == [0xC10A_EA00, 0xC10A_EA00])
        #expect(reading.events.allSatisfy { !$0.hasFrame })
        #expect(reading.events[0].time == 30_961_211_418_039)
        #expect(reading.vocabulary.masks[0].flags.isSuperset(of: [.io, .fs, .directReclaim]))
    }

    @Test func `a request without a page is a refusal, whichever way the page is printed`() throws {
        for page in ["page=(null) pfn=0", "page=0000000000000000 pfn=0x0", "page=(nil) pfn=18446744073709551615"] {
            let reading = try TraceReading(
                " a-1 [000] 1.000000: mm_page_alloc: \(page) order=4 migratetype=0 gfp_flags=GFP_ATOMIC\n")
            #expect(reading.events.map(\.kind) == [.refusal])
            #expect(reading.events.first?.order == 4)
        }
    }

    @Test func `unknown fields are passed over, and a fallback has both orders and types`() throws {
        let reading = try TraceReading(
            """
            x-1 [006] .... 889.213383: mm_page_alloc: page=00000000d2be5665 pfn=970744 order=0 migratetype=0 nr_free=3650 gfp_flags=GFP_HIGHUSER|__GFP_ZERO new=a,b
            x-1 [006] .... 889.213384: mm_page_alloc_extfrag: page=1 pfn=0x200 alloc_order=1 fallback_order=9 pageblock_order=9 alloc_migratetype=0 fallback_migratetype=1 fragmenting=0 change_ownership=1

            """)
        #expect(reading.events[0].frame == 970744)
        #expect(reading.vocabulary.masks[0].text == "GFP_HIGHUSER|__GFP_ZERO")
        let fallback = reading.events[1]
        #expect(fallback.kind == .fallback && fallback.order == 1 && fallback.fallbackOrder == 9)
        #expect(fallback.migratetype == 0 && fallback.fallbackMigratetype == 1)
    }

    @Test func `a word that no kernel has is told, the rest of the mask is used`() throws {
        let reading = try TraceReading(
            "x-1 [000] 1.0: mm_page_alloc: page=1 pfn=5 order=0 migratetype=0 gfp_flags=GFP_ATOMIC|__GFP_FROM_2040\n")
        #expect(reading.vocabulary.masks[0].unknown == "__GFP_FROM_2040")
        #expect(reading.vocabulary.masks[0].flags.contains(.high))
    }

    @Test func `lost events are counted`() throws {
        let reading = try TraceReading("CPU:3 [LOST 812 EVENTS]\nCPU:1 [7 EVENTS DROPPED]\n")
        #expect(reading.tally.lostEvents == 819)
        #expect(reading.events.map(\.cpu) == [3, 1])
    }

    @Test func `what is not understood is counted, the first with its line, and reading continues`() throws {
        let good = "x-1 [000] 1.0: mm_page_free: page=1 pfn=5 order=0\n"
        let reading = try TraceReading(
            good + "x-1 [000] 1.0: mm_page_free: page=1 pfn=5\n" + "x-1 [000] 1.0: mm_page_free: pfn=zzz order=0\n"
                + "x-1 [000] 1.0: mm_page_free: pfn=1 order=99\n" + "sched_switch: prev=3\n" + good)
        #expect(reading.events.count == 2)
        #expect(reading.tally.malformedLines == 3)
        #expect(reading.tally.foreignLines == 1)
        #expect(reading.tally.firstProblem?.line == 2)
    }

    @Test func `a trace cut in its last line is read up to there, and says so`() throws {
        let line = "x-1 [000] 1.000000: mm_page_alloc: page=1 pfn=0x5 order=0 migratetype=0 gfp_flags=GFP_KERNEL"
        let reading = try TraceReading(line + "\n" + line.prefix(60))
        #expect(reading.events.count == 1)
        #expect(reading.tally.isLastLineTruncated && reading.tally.malformedLines == 0)
    }

    @Test func `an endless line is passed over in constant memory, and its place told`() throws {
        let good = Array("x-1 [000] 1.0: mm_page_free: page=1 pfn=5 order=0\n".utf8)
        for size in [1 << 16, 1 << 18, 1 << 22] {
            let reading = try TraceReading(good + [UInt8](repeating: 0x61, count: size + 1) + [10] + good)
            #expect(reading.events.count == 2)
            #expect(reading.tally.overlongLines == 1)
            #expect(reading.tally.firstProblem?.line == 2)
        }
    }

    @Test func `a compressed trace is read like a plain one, and one cut short is an error`() throws {
        let line = "x-1 [000] 1.0: mm_page_free: page=1 pfn=5 order=0\n"
        let plain = Array(String(repeating: line, count: 20_000).utf8)
        let packed = Gzip.compress(plain)
        #expect(try TraceReading(packed).events == TraceReading(plain).events)
        #expect(throws: TraceError.self) { try TraceReading(Array(packed.dropLast(9))) }
    }

    @Test(arguments: 0..<30)
    func `broken text never traps`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let lines = [
            "init-1 [001] ..... 4.929116: mm_page_alloc: page=00000000cf03e9e0 pfn=0x58f2 order=1 migratetype=0 gfp_flags=GFP_KERNEL_ACCOUNT|__GFP_ZERO",
            "CPU:3 [LOST 812 EVENTS]", "x-1 [0] 1.0: tracing_mark_write: hello",
            "[08:36:01.2] (+0.0) box mm_page_alloc: { cpu_id = 2 }, { page = 0xC1, order = 0, gfp_flags = 208, migratetype = 0 }",
            "x (1) [006] 889.2: mm_page_alloc_extfrag: pfn=0x200 alloc_order=1 fallback_order=9 fallback_migratetype=1",
        ]
        var bytes = Array(Array(repeating: lines.joined(separator: "\n"), count: 4).joined(separator: "\n").utf8)
        for _ in 0..<200 {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: place)
            default: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &generator)], at: place)
            }
            if bytes.count < 50 { break }
            let reading = try TraceReading(bytes)
            let known = reading.events.count + reading.tally.foreignLines + reading.tally.malformedLines
            #expect(known + reading.tally.unusedEvents >= reading.tally.lines - 1, "\(generator)")
        }
    }
}
