import TestSupport
import Testing

/// Something that is not a trace is refused, with what it looks like.
@Suite struct ForeignTraceTests {
    @Test(arguments: [
        ("Config/laptop.json", "is JSON"), ("bad/zeros.bin", "is binary data"), ("/dev/null", "is empty"),
        ("/dev/zero", "is binary data"), ("bad/prose.txt", "is text without any event"),
        ("bad/buddyinfo", "is a file of /proc"), ("logs/k612-oom-cpuset.log", "looks like a kernel log"),
        ("nop.trace", "is a trace without the page allocator's events"),
        ("zeros.gz", "is binary data"), ("Config/scenarios/mixed-load.json5", "is JSON"),
    ])
    func `a source that is not a trace`(_ path: String, _ look: String) throws {
        let make = """
            [ -e nop.trace ] || printf '# tracer: nop\\n#\\n' > nop.trace
            [ -e zeros.gz ] || head -c 10000000 /dev/zero | gzip > zeros.gz
            """
        for ending in ["", " --convert out.nzt"] {
            let result = try Session.run("\(make)\nrm -f out.nzt; numazones replay \(path)\(ending)")
            #expect(result.code == 2, "\(result.output)")
            #expect(result.output.contains(look), "\(result.output)")
            #expect(!result.output.contains("0 events"))
            #expect(try Session.run("[ ! -e out.nzt ]").code == 0)
        }
    }

    @Test func `a free replay says first that nothing can be reclaimed, unless it can`() throws {
        let trace = """
            printf ' a-1 [000] .... 1.0: mm_page_alloc: page=1 pfn=5 order=0 migratetype=1 gfp_flags=GFP_KERNEL\\n' > one
            """
        let without = try Session.run("\(trace); numazones replay one").output
        #expect(without.hasPrefix("Nothing can be reclaimed in this replay"), "\(without)")
        let with = try Session.run("\(trace); numazones replay one --reclaim lru --swap 2GiB --cache 60%").output
        #expect(!with.contains("Nothing can be reclaimed") && with.contains("reclaim found 0 pages"), "\(with)")
        #expect(try Session.run("\(trace); numazones replay one --swap 2GiB").code == 2)
    }
}
