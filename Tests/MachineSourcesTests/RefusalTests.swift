@testable import MachineSources
import Testing

/// A newcomer's ten minutes: what is said about forms that are not read names what they are and what to give instead.
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
        (
            "\u{250C}\u{2500}\u{2500}\u{2510}\n\u{2502} Machine (19GB total) \u{2502}\n",
            "FILE: is a drawing of lstopo's in characters; export XML with 'lstopo x.xml' and give that"
        ),
        (
            "Handle 0x1100, DMI type 17, 40 bytes\nMemory Device\n\tSize: 16 GB\n",
            "FILE: is dmidecode's output, which has memory modules and no nodes; give the output of 'numactl -H', or the boot log"
        ),
        (
            "0000:00:01.0 ISA bridge: Intel Corporation 82371SB PIIX3 ISA\n00:02.0 VGA compatible controller: Cirrus\n",
            "FILE: is lspci's output, which has devices and no memory; give the output of 'numactl -H', or XML of 'lstopo x.xml'"
        ),
        (
            "               total        used        free      shared  buff/cache   available\nMem:   2000  100  1900\n",
            "FILE: is the output of 'free', which has no nodes and zones; give /proc/zoneinfo and /proc/buddyinfo"
        ),
        (
            "USER       PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\nroot  1  0.5  0.0 1 1 ?  S 1 4:04 init\n",
            "FILE: is the output of 'ps', which has processes and no nodes; give /proc/zoneinfo and /proc/buddyinfo"
        ),
        (
            "processor\t: 0\nvendor_id\t: GenuineIntel\n",
            "FILE: is /proc/cpuinfo, which has CPUs and no memory; give the directory that it was saved in, or the output of 'numactl -H'"
        ),
        (
            "00000000-00000fff : Reserved\n00001000-0009fbff : System RAM\n",
            "FILE: is /proc/iomem, which has addresses and no nodes; give the directory that it was saved in, with zoneinfo"
        ),
        (
            "node,size,cpus\n0,1024,0-3\n1,1024,4-7\n",
            "FILE: is a table with commas, which no machine is described in here; Config/ has JSON descriptions to start from, and the output of 'numactl -H' is read as it is"
        ),
        (
            "nodes:\n  - id: 0\n    memory: 4GiB\n",
            "FILE: is YAML, which no machine is described in here; Config/ has JSON descriptions to start from"
        ),
        (
            "[machine]\nnodes = 2\n",
            "FILE: is TOML or an INI file, which no machine is described in here; Config/ has JSON descriptions to start from"
        ),
        (
            "LPKSHHRH\u{0}\u{0}",
            "FILE: is systemd's journal; print the kernel's part with 'journalctl --file FILE -k' and give that"
        ),
        (
            "Name:               worker-3\nRoles:              worker\nLabels:             arch=amd64\nAnnotations:        a=b\n"
                + "Conditions:\n  Type             Status\n",
            "FILE: is kubectl's description of a host; give what 'numactl -H' prints on the host itself"
        ),
        ("GIF89a", "FILE: is a picture (GIF); give the text that it shows"),
        (
            "{ \"lscpu\": [ {\"field\": \"Architecture:\", \"data\": \"x86_64\"} ] }\n",
            "FILE: is lscpu's JSON; give its plain output ('lscpu'), joined by + with one that has the memory"
        ),
        (
            "{\n  \"id\": \"host\",\n  \"class\": \"system\"\n}\n",
            "FILE: is lshw's output, which has no nodes; give the output of 'numactl -H', or XML of 'lstopo x.xml'"
        ),
        (
            "12:00:01 AM kbmemfree   kbavail kbmemused\n12:10:01 AM   6123412   7200123    512123\n",
            "FILE: is sar's output, which has no nodes and zones; give /proc/zoneinfo and /proc/buddyinfo"
        ),
        (
            "policy: default\npreferred node: current\nphyscpubind: 0 1\nnodebind: 0\nmembind: 0\n",
            "FILE: is the output of 'numactl --show', which has a process's policy; give that of 'numactl -H'"
        ),
        (
            "                           node0           node1\nnuma_hit    123456789       987654321\n",
            "FILE: is numastat's table of counters, which has no sizes; give the output of 'numastat -m'"
        ),
        ("SQLite format 3\u{0}", "FILE: is an SQLite database; give the kernel's texts themselves"),
    ]

    @Test(arguments: foreign)
    func `a form that is not read is recognised`(text: String, sentence: String) throws {
        #expect(try Sources.refusal(Array(text.utf8)) == sentence)
    }

    @Test func `what is known by nothing is told what is accepted`() throws {
        let prose = try Sources.refusal(Array("Dear all, our machine is slow.\n".utf8))
        #expect(prose.hasPrefix("FILE: nothing in it describes a machine; a machine is a directory"))
        for format in SourceFormat.table { #expect(prose.contains(format.accepted), "\(format.name)") }
        #expect(try Sources.refusal(Array("  \n".utf8)).contains("is empty; a machine is"))
        #expect(try Sources.refusal([0, 1, 2, 3, 0]).contains("is binary data; a machine is"))
    }

    @Test func `free blocks without sizes say what is missing`() throws {
        #expect(
            try Sources.refusal(Array(PastedTextTests.buddyinfo.utf8)).contains("says what is free but not how much"))
    }

    @Test func `the table's formats have names of their own`() {
        #expect(Set(SourceFormat.table.map(\.name)).count == SourceFormat.table.count)
    }
}
