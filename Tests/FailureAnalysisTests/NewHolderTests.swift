import KernelLog
import Testing

@testable import FailureAnalysis

/// Holders that only newer kernels print: a balloon, a graphics driver, compressed swap, and the kernel's own profile.
@Suite struct NewHolderTests {
    /// A kill on a machine of 250,000 pages, of which 1,000 are free.
    private func kill(_ change: (inout FailureText) -> Void) throws -> FailureAnalysis {
        var text = FailureText()
        text.header =
            "worker invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0"
        text.release = "7.2.0"
        text.counters = "free:1000 free_pcp:0 free_cma:0"
        text.free = 4_000
        text.blocks = "1000*4kB (UM) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB"
        text.tail = """
            oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/,task=big,\
            pid=200,uid=0
            Out of memory: Killed process 200 (big) total-vm:29000kB, anon-rss:28000kB, file-rss:0kB, shmem-rss:0kB, UID:0
            """
        change(&text)
        return try #require(FailureAnalysis.analyses(of: LogScanner.reports(in: text.text)).first)
    }

    private static func profile(_ sites: String) -> String {
        """
        Memory allocations (profiling is currently turned on):
        \(sites)
             4.50 MiB     1152 mm/slub.c:2450 func:alloc_slab_page
              812 KiB      203 drivers/net/ring.c:88 [ring] func:ring_fill

        """
    }

    @Test func `without any of them the memory is on no counter`() throws {
        #expect(try kill { _ in }.cause == .pageLeak)
    }

    @Test func `memory given back to a host is told as a balloon's`() throws {
        let analysis = try kill { $0.nodeFigures = " Balloon:800000kB gpu_active:0kB gpu_reclaim:0kB" }
        #expect(analysis.cause == .balloon)
        #expect(analysis.account?.pages(.balloon) == 200_000)
        #expect(analysis.account?.pages(.unaccounted) ?? .max < 50_000)
    }

    @Test func `a graphics driver's pages are on a counter`() throws {
        let analysis = try kill { $0.nodeFigures = " Balloon:0kB gpu_active:700000kB gpu_reclaim:60000kB" }
        #expect(analysis.cause == .memoryFull)
        #expect(analysis.account?.largestInUse?.kind == .graphics)
        #expect(analysis.account?.pages(.graphics) == 190_000)
    }

    @Test func `what zswap and zram hold was processes' memory`() throws {
        let analysis = try kill {
            $0.zoneFigures = " zspages:600000kB"
            $0.totalSwap = 2_000_000
        }
        #expect(analysis.cause == .processMemory)
        #expect(analysis.account?.pages(.compressedSwap) == 150_000)
    }

    @Test func `the kernel's profile tells a RAM disk and vmalloc from a leak`() throws {
        let ramDisk = try kill {
            $0.tail =
                Self.profile("     781 MiB   200001 drivers/block/brd.c:90 [brd] func:brd_insert_page") + $0.tail
        }
        #expect(ramDisk.cause == .ramdisk)
        let site = try #require(ramDisk.report.allocations.first)
        #expect(site.bytes == 781 << 20 && site.calls == 200_001 && site.file == "drivers/block/brd.c")
        #expect(site.line == 90 && site.module == "brd" && site.function == "brd_insert_page")
        #expect(ramDisk.report.allocations.count == 3 && ramDisk.report.allocations[1].module == nil)
        #expect(ramDisk.report.allocations[1].bytes == 9 << 19)
        let vmalloc = try kill {
            $0.tail = Self.profile("     781 MiB   200001 mm/vmalloc.c:3770 func:vm_area_alloc_pages") + $0.tail
        }
        #expect(vmalloc.cause == .vmallocLeak)
        let driver = try kill {
            $0.tail = Self.profile("     781 MiB   200001 drivers/x/y.c:12 [y] func:y_probe") + $0.tail
        }
        #expect(driver.cause == .pageLeak)
    }

    @Test func `a part of what is on no counter tells nothing of the rest`() throws {
        let analysis = try kill {
            $0.tail = Self.profile("     181 MiB   46337 drivers/block/brd.c:90 [brd] func:brd_insert_page") + $0.tail
        }
        #expect(analysis.cause == .pageLeak)
    }
}
