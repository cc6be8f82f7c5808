import SourceText

/// A form that is not read, but known by sight: what it is, and what to give instead.
struct ForeignFormat: Sendable {
    var recognises: @Sendable (SourceInput) -> Bool
    /// Follows "FILE: ".
    var sentence: String

    static let table: [ForeignFormat] = binaries + texts

    private static let binaries: [ForeignFormat] = [
        .init(
            magic: [0x7F, 0x45, 0x4C, 0x46],
            "is an ELF file (a program, a kernel or a core dump); of a crashed kernel's "
                + "dump, save the log with 'makedumpfile --dump-dmesg' and give that"),
        .init(
            magic: Array("KDUMP   ".utf8),
            "is a compressed kernel dump; save its log with 'makedumpfile --dump-dmesg "
                + "vmcore dmesg.txt' and give that"),
        .init(
            magic: Array("makedumpfile".utf8),
            "is a flattened kernel dump; save its log with 'makedumpfile "
                + "--dump-dmesg' and give that"),
        .init(magic: Array("%PDF-".utf8), "is a PDF document; give the text itself"),
        .init(magic: [0x89, 0x50, 0x4E, 0x47], "is a picture (PNG); give the text that it shows"),
        .init(magic: [0xFF, 0xD8, 0xFF], "is a picture (JPEG); give the text that it shows"),
        .init(
            magic: Array("PERFILE2".utf8),
            "is perf's recording; print it with 'perf script' and give that to 'numazones "
                + "replay'"),
        .init(
            magic: [0x17, 0x08, 0x44, 0x74, 0x72, 0x61, 0x63, 0x69, 0x6E, 0x67],
            "is trace-cmd's recording "
                + "(trace.dat); print it with 'trace-cmd report' and give that to 'numazones replay'"),
        .init(
            magic: Array("LPKSHHRH".utf8),
            "is systemd's journal; print the kernel's part with 'journalctl --file FILE "
                + "-k' and give that"),
        .init(magic: Array("SQLite format 3".utf8), "is an SQLite database; give the kernel's texts themselves"),
        .init(magic: [0xFF, 0xFE], "is UTF-16 text; make it UTF-8 first, as with iconv -f UTF-16 -t UTF-8"),
        .init(magic: [0xFE, 0xFF], "is UTF-16 text; make it UTF-8 first, as with iconv -f UTF-16 -t UTF-8"),
        .init(
            magic: [0xD0, 0x0D, 0xFE, 0xED],
            "is a compiled device tree; give the kernel's boot log, which has what the "
                + "kernel made of it"),
        .init(
            magic: Array("SRAT".utf8),
            "is a firmware table (ACPI SRAT); give the kernel's boot log, which prints what is "
                + "in it"),
        .init(
            magic: Array("SLIT".utf8),
            "is a firmware table (ACPI SLIT); give the output of 'numactl -H', which has its "
                + "distances"),
        .init(
            magic: Array("HMAT".utf8),
            "is a firmware table (ACPI HMAT); give an hwloc XML file ('lstopo x.xml'), which "
                + "has what the kernel made of it"),
    ]

    private static let texts: [ForeignFormat] = [
        .init(prefix: "Machine (", "is lstopo's text output; export XML with 'lstopo x.xml' and give that"),
        .init(sign: "%!PS-Adobe", "is a PostScript drawing; export XML with 'lstopo x.xml' and give that"),
        .init(prefix: "\\documentclass", "is a LaTeX document; export XML with 'lstopo x.xml' and give that"),
        .init(sign: "<svg", "is a drawing (SVG); if lstopo made it, export XML with 'lstopo x.xml' and give that"),
        .init(sign: "<html", "is a web page; save the text that it shows"),
        .init(
            sign: "<list id=\"lshw\"",
            "is lshw's output, which has no nodes; give the output of 'numactl -H', or XML of "
                + "'lstopo x.xml'"),
        .init(
            sign: "H/W path",
            "is lshw's output, which has no nodes; give the output of 'numactl -H', or XML of 'lstopo "
                + "x.xml'"),
        .init(
            sign: "# dmidecode",
            "is dmidecode's output, which has memory modules and no nodes; give the output of "
                + "'numactl -H', or the boot log"),
        .init(
            sign: "Intel ACPI Component Architecture",
            "is a firmware table in iasl's source form; give the kernel's boot "
                + "log, which prints what is in it"),
        .init(
            prefix: "/dts-v1/",
            "is a device tree's source; give the kernel's boot log, which has what the kernel made of it"),
        .init(
            recognises: { input in
                input.head.mentions(" total ") == false && input.start.hasPrefix("total ")
                    || input.head.mentions("  total        used        free")
            },
            sentence: "is the output of 'free', which has no nodes and zones; give /proc/zoneinfo and /proc/buddyinfo"),
        .init(
            sign: "procs -----------memory",
            "is vmstat(8)'s output, which has no nodes and zones; give /proc/zoneinfo and "
                + "/proc/buddyinfo"),
        .init(
            sign: "%Cpu(s):", "is top's output, which has no nodes and zones; give /proc/zoneinfo and /proc/buddyinfo"),
        .init(
            recognises: { $0.head.mentions("mm_page_alloc:") || $0.start.hasPrefix("# tracer:") },
            sentence: "is a trace; 'numazones replay' replays it on a machine (--on)"),
        .init(
            sign: "available: 0 nodes",
            "is numactl -H's output of a machine whose kernel has no NUMA; give its "
                + "/proc/zoneinfo"),
        .init(
            prefix: "No NUMA available",
            "is numactl's message that the kernel has no NUMA; give /proc/zoneinfo of that "
                + "machine"),
        .init(prefix: "node_id,", "is a table with commas; give the output of 'numactl -H' itself"),
        .init(
            recognises: {
                $0.start.hasPrefix("apiVersion:") || $0.start.hasPrefix("kind:") || $0.start.hasPrefix("---")
            },
            sentence: "is YAML, which no machine is described in here; Config/ has JSON descriptions to start from"),
    ]

    init(recognises: @escaping @Sendable (SourceInput) -> Bool, sentence: String) {
        self.recognises = recognises
        self.sentence = sentence
    }

    private init(magic: [UInt8], _ sentence: String) {
        self.init(recognises: { $0.bytes.starts(with: magic) }, sentence: sentence)
    }

    private init(prefix: String, _ sentence: String) {
        self.init(recognises: { $0.start.hasPrefix(prefix) }, sentence: sentence)
    }

    private init(sign: String, _ sentence: String) {
        self.init(recognises: { $0.head.contains(sign) }, sentence: sentence)
    }
}
