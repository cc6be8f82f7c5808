import SourceText

extension ForeignFormat {
    static let binaries: [ForeignFormat] = [
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
        .init(magic: Array("GIF8".utf8), "is a picture (GIF); give the text that it shows"),
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
}
