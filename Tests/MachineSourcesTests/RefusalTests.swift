@testable import MachineSources
import Testing

/// A newcomer's ten minutes: what is said of forms that are not read names what they are and what to give instead.
@Suite struct RefusalTests {
    static let foreign: [(String, String)] = [
        (
            "\u{7F}ELF\u{2}",
            "FILE: is an ELF file (a program, a kernel or a core dump); of a crashed kernel's dump, save the log with 'makedumpfile --dump-dmesg' and give that"
        ),
        ("%PDF-1.7\n", "FILE: is a PDF document; give the text itself"),
        ("PERFILE2", "FILE: is perf's recording; print it with 'perf script' and give that to 'numazones replay'"),
        (
            "Machine (31GB total)\n  Package L#0\n    NUMANode L#0 (P#0 31GB)\n",
            "FILE: is lstopo's text output; export XML with 'lstopo x.xml' and give that"
        ),
        (
            "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            "FILE: is a drawing (SVG); if lstopo made it, export XML with 'lstopo x.xml' and give that"
        ),
        (
            "# dmidecode 3.3\nGetting SMBIOS data\n",
            "FILE: is dmidecode's output, which has memory modules and no nodes; give the output of 'numactl -H', or the boot log"
        ),
        (
            "H/W path  Device  Class\n",
            "FILE: is lshw's output, which has no nodes; give the output of 'numactl -H', or XML of 'lstopo x.xml'"
        ),
        (
            "procs -----------memory---------- ---swap--\n r  b   swpd\n",
            "FILE: is vmstat(8)'s output, which has no nodes and zones; give /proc/zoneinfo and /proc/buddyinfo"
        ),
        (
            "%Cpu(s):  0.0 us\n",
            "FILE: is top's output, which has no nodes and zones; give /proc/zoneinfo and /proc/buddyinfo"
        ),
        ("# tracer: nop\n", "FILE: is a trace; 'numazones replay' replays it on a machine (--on)"),
        (
            "apiVersion: v1\nkind: Node\n",
            "FILE: is YAML, which no machine is described in here; Config/ has JSON descriptions to start from"
        ),
        (
            "/dts-v1/;\n/ { };\n",
            "FILE: is a device tree's source; give the kernel's boot log, which has what the kernel made of it"
        ),
        ("SQLite format 3\u{0}", "FILE: is an SQLite database; give the kernel's texts themselves"),
    ]

    @Test(arguments: foreign)
    func `a form that is not read is recognised`(text: String, sentence: String) throws {
        #expect(try Sources.refusal(Array(text.utf8)) == sentence)
    }

    @Test func `what is known by nothing is told what is accepted`() throws {
        let prose = try Sources.refusal(Array("Dear all, our machine is slow.\n".utf8))
        #expect(prose.hasPrefix("FILE: nothing in it tells of a machine; a machine is a directory"))
        for format in SourceFormat.table { #expect(prose.contains(format.accepted), "\(format.name)") }
        #expect(try Sources.refusal(Array("  \n".utf8)).contains("is empty; a machine is"))
        #expect(try Sources.refusal([0, 1, 2, 3, 0]).contains("is binary data; a machine is"))
    }

    @Test func `free blocks without sizes say what is missing`() throws {
        #expect(
            try Sources.refusal(Array(PastedTextTests.buddyinfo.utf8)).contains("tells what is free and not how much"))
    }

    @Test func `the table's formats have names of their own`() {
        #expect(Set(SourceFormat.table.map(\.name)).count == SourceFormat.table.count)
    }
}
