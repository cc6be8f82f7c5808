import KernelLog
import Testing

@testable import FailureAnalysis
@testable import Report

/// What can be determined of a part of a report.
@Suite struct CutReportTests {
    private func analysis(_ text: String) throws -> FailureAnalysis {
        try #require(FailureAnalysis.analyses(of: LogScanner.reports(in: text)).first)
    }

    @Test func `an urgent request is told as one though sizes and blocks are cut off`() throws {
        let text = """
            worker: page allocation failure: order:0, mode:0x20
            Pid: 100, comm: worker Not tainted 3.2.12 #8
            Mem-Info:
            active_anon:182187 inactive_anon:82354 isolated_anon:0
             active_file:0 inactive_file:0 isolated_file:0
             unevictable:0 dirty:0 writeback:0 unstable:0
             free:194 slab_reclaimable:2144 slab_unreclaimable:11443
             mapped:1 shmem:0 pagetables:1619 bounce:0
            DMA free:32kB min:40kB low:48kB high:60kB active_anon:1524kB present:15684kB
            lowmem_reserve[]: 0 2004 2004 2004
            DMA32 free:744kB min:5708kB low:7132kB high:8560kB active_anon:727224kB pres
            """
        #expect(try analysis(text).cause == .reservesExhausted)
    }

    @Test func `of a headless report the zones below their marks and CMA's share are told`() throws {
        let text = """
            Mem-Info:
            active_anon:100 inactive_anon:100 isolated_anon:0
             free:129803 free_pcp:0 free_cma:128398
            Node 0 DMA free:519112kB boost:0kB min:10428kB low:11228kB high:12028kB present:786432kB managed:663836kB \
            free_cma:513592kB
            lowmem_reserve[]: 0 0 0
            Node 0 HighMem free:100kB boost:0kB min:512kB low:600kB high:700kB present:100000kB managed:100000kB free_cma:0kB
            lowmem_reserve[]: 0 0 0
            """
        let sentence = try FailureAnalysisReport(analysis(text)).sentence
        #expect(sentence.contains("Below its min mark: node 0 HighMem."))
        #expect(sentence.contains("Of the 507 MiB that are free, 501.6 MiB are in CMA"))
    }

    @Test func `the size and the request of a vmalloc of old kernels are one report`() throws {
        let text = """
            vmalloc: allocation failure, allocated 7794429952 of 7801806848 bytes
            worker: page allocation failure: order:0, mode:0xd2
            CPU: 3 PID: 100 Comm: worker Not tainted 3.10.0-957.1.3.el7.x86_64 #1
            Call Trace:
             [<ffffffffa03bcaa0>] warn_alloc_failed+0x110/0x180
             [<ffffffffa03fc59b>] __vmalloc_node_range+0x23b/0x280
             [<ffffffffa03fc8e2>] vmalloc+0x52/0x60
             [<ffffffffc0c7ce45>] large_array_alloc+0x45/0x90 [writeboost]
            """
        let reports = LogScanner.reports(in: text)
        #expect(reports.map(\.kind) == [.vmallocFailure])
        #expect(reports.first?.vmalloc?.size == 7_801_806_848)
        let analysis = try analysis(text)
        #expect(analysis.request?.maskText == "GFP_KERNEL|__GFP_HIGHMEM")
        #expect(analysis.requester?.function == "large_array_alloc" && analysis.requester?.purpose == .vmalloc)
    }
}
