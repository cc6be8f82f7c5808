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
            "/*\n * Intel ACPI Component Architecture\n * ACPI Data Table [HPET]\n */\n[000h 0000   4] Signature : \"HPET\"\n",
            "FILE: is another firmware table in iasl's source form; give SRAT and SLIT in this form, or the kernel's boot log, which prints what is in them"
        ),
        (
            "lgroup 0 (root):\n\tChildren: 1 2\n\tCPUs: 0-15\n\tLgroup resources: 1 2 (CPU)\n",
            "FILE: is Solaris' lgrpinfo, of a machine whose allocator is another"
        ),
        (
            "hw.ncpu: 10\nhw.memsize: 34359738368\n",
            "FILE: is 'sysctl hw' of macOS or a BSD, whose allocators are others"
        ),
        (
            "NUMA node {\n   Memory (pages):33554432\n}\n",
            "FILE: is vsish's output of an ESXi host, whose allocator is another"
        ),
        (
            "=====\n            Trace Event Information\n=====\n  Load Operations                   :       3456\n",
            "FILE: is the report of 'perf c2c', which has accesses and no memory; give the output of 'numactl -H', or XML of 'lstopo x.xml'"
        ),
        (
            "resource \"aws_instance\" \"big\" {\n  instance_type = \"x1e.32xlarge\"\n}\n",
            "FILE: is a plan of Terraform's, which names machines and not their memory; give what 'numactl -H' prints on one"
        ),
        (
            "/dts-v1/;\n/ { };\n",
            "FILE: is a device tree's source without memory, which the boot loader fills in; give the kernel's boot log, which has what the kernel made of it"
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
            "00000000-00000000 : Reserved\n00000000-00000000 : System RAM\n",
            "FILE: is /proc/iomem as others than root see it, all addresses zero; save it with 'sudo cat /proc/iomem'"
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
        (
            "             total       used       free     shared    buffers\nMem:  1 2 3\n",
            "FILE: is the output of 'free', which has no nodes and zones; give /proc/zoneinfo and /proc/buddyinfo"
        ),
        (
            "top - 10:12:13 up 10 days,  1 user,  load average: 0.00\nTasks: 212 total\nMem:  16331712k total\n",
            "FILE: is top's output, which has no nodes and zones; give /proc/zoneinfo and /proc/buddyinfo"
        ),
        (
            "  0[||||   12.3%]\n  Mem[|||||5.23G/31.2G]   Tasks: 112\n  Swp[   0K/2.00G]\n",
            "FILE: is htop's screen, which has no nodes and zones; give /proc/zoneinfo and /proc/buddyinfo"
        ),
        (
            "--procs-- -----------------------memory---------------------- ---swap--\n   r    b\n",
            "FILE: is vmstat(8)'s output, which has no nodes and zones; give /proc/zoneinfo and /proc/buddyinfo"
        ),
        (
            "     32756020 K total memory\n      5403212 K used memory\n",
            "FILE: is the output of 'vmstat -s', which has no nodes and zones; give /proc/zoneinfo and /proc/buddyinfo"
        ),
        (
            "Linux 5.15.0 (host) \t11/01/2023 \t_x86_64_\t(16 CPU)\n\n12:00:01 AM     CPU     %user\n",
            "FILE: is the output of sysstat (sar, mpstat, iostat), which has no nodes and zones; give /proc/zoneinfo and /proc/buddyinfo"
        ),
        (
            "\n Performance counter stats for 'ls':\n",
            "FILE: is perf's report, which counts events; give /proc/zoneinfo and /proc/buddyinfo; of its recording 'perf script' prints a trace"
        ),
        (
            "Startup finished in 3.123s (firmware) + 2.345s (loader) = 5.468s\n",
            "FILE: is systemd-analyze's output, which has times of units; give /proc/zoneinfo and /proc/buddyinfo"
        ),
        (
            "slabinfo - version: 2.1\n",
            "FILE: describes the kernel's slabs, not nodes and zones; give /proc/zoneinfo and /proc/buddyinfo"
        ),
        (
            "55d0c0a00000-7ffd00000000 ---p 00000000 00:00 0    [rollup]\nRss:     4184 kB\n",
            "FILE: describes one process's memory; give /proc/zoneinfo and /proc/buddyinfo, which describe the machine's"
        ),
        (
            "55d0c0a00000 default file=/usr/bin/bash mapped=46 N0=46 kernelpagesize_kB=4\n",
            "FILE: describes one process's memory; give /proc/zoneinfo and /proc/buddyinfo, which describe the machine's"
        ),
        (
            "1234:   bash\n000055d0c0a00000    184K r---- bash\n",
            "FILE: is pmap's output of one process; give /proc/zoneinfo and /proc/buddyinfo, which describe the machine's memory"
        ),
        (
            "Per-node process memory usage (in MBs) for PID 1234 (qemu-kvm)\n",
            "FILE: is numastat's output of processes; give that of 'numastat -m', which has the machine's memory"
        ),
        (
            "depth 0:\t1 Machine (type #0)\n depth 1:\t1 Package (type #1)\n",
            "FILE: is hwloc-info's summary; export XML with 'lstopo x.xml' and give that"
        ),
        (
            "      KERNEL: vmlinux\n    DUMPFILE: vmcore  [PARTIAL DUMP]\n        CPUS: 16\n",
            "FILE: is what crash says of a dump; give what its command 'log' prints"
        ),
        (
            "OSRELEASE=5.14.0\nPAGESIZE=4096\nSYMBOL(init_uts_ns)=ffffffff83000000\n",
            "FILE: is the notes of a kernel's dump (VMCOREINFO); save the dump's log with 'makedumpfile --dump-dmesg vmcore dmesg.txt' and give that"
        ),
        (
            "{\n  \"blockdevices\": [\n    {\"name\": \"sda\"}\n  ]\n}\n",
            "FILE: is lsblk's JSON, which has disks and no memory; give the output of 'numactl -H', or XML of 'lstopo x.xml'"
        ),
        (
            "BOOT_IMAGE=/vmlinuz-5.15 root=/dev/sda1 ro movablecore=4G\n",
            "FILE: is /proc/cmdline, which has no memory; join it by + with a text that has it, as in 'FILE + zoneinfo.txt'"
        ),
        (
            "vm.min_free_kbytes = 67584\n",
            "FILE: is sysctl -a, which has no memory; join it by + with a text that has it, as in 'FILE + zoneinfo.txt'"
        ),
        (
            "MemFree:        32536000 kB\nCached:  1000 kB\n",
            "FILE: is a part of /proc/meminfo without MemTotal, which has the size of memory; give the whole"
        ),
        (
            "some avg10=0.00 avg60=0.00 avg300=0.00 total=123\n",
            "FILE: is /proc/pressure, which has no memory's size; give /proc/zoneinfo and /proc/buddyinfo"
        ),
        (
            "Node 0, zone      DMA -1.000 -1.000 -1.000 -1.000\n",
            "FILE: is a table of fragmentation indices (extfrag), which follow from free blocks; give /proc/buddyinfo, with /proc/zoneinfo"
        ),
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

    @Test(
        arguments: [
            ([0x81, 0, 0, 0, 0, 0, 0x40, 0x81], "binary data"), ([0, 0, 0, 0, 0, 0, 0x80, 0x81], "/proc/PID/pagemap"),
            ([0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0], "network packets"),
            ([0x42, 0x4D, 0, 0, 0, 0, 0, 0], "a picture (BMP)"),
            ([0, 0, 0, 0x18, 0x66, 0x74, 0x79, 0x70], "a picture or film"),
            ([0x51, 0x46, 0x49, 0xFB, 0, 0, 0, 3], "a disk image"),
        ] as [([UInt8], String)])
    func `binary files are told by their first bytes`(unit: [UInt8], kind: String) throws {
        let bytes = unit + (0..<9).flatMap { _ in unit.dropLast(2) + [unit[6], unit[7]] }
        #expect(
            try Sources.refusal(bytes).contains("is \(kind)")
                || Sources.refusal(bytes).contains("is a recording of \(kind)"))
    }

    @Test func `JSON of another tool is told by its keys, and a slip in a description is not taken for it`() throws {
        let other = try Sources.refusal(Array(#"{"Architecture": 1, "Id": "abc", "State": {}, "Mounts": []}"#.utf8))
        #expect(other.contains("must be") || other.contains("there is no node"))
        #expect(
            try Sources.refusal(Array(#"[{"Id": "abc", "State": {}, "Mounts": [], "Path": "x"}]"#.utf8)).hasPrefix(
                #"FILE: is JSON that describes no machine here (a list of objects with "Id", "State" and "Mounts" ...)"#
            ))
        #expect(try Sources.refusal(Array(#"{"node": [{"memory": "4GiB"}]}"#.utf8)).contains("did you mean"))
    }

    @Test func `free blocks without sizes say what is missing`() throws {
        #expect(
            try Sources.refusal(Array(PastedTextTests.buddyinfo.utf8)).contains("says what is free but not how much"))
    }

    @Test func `the table's formats have names of their own`() {
        #expect(Set(SourceFormat.table.map(\.name)).count == SourceFormat.table.count)
    }
}
