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
        .init(binary: Array("BM".utf8), "is a picture (BMP); give the text that it shows"),
        .init(binary: Array("RIFF".utf8), "is a picture or film (RIFF); give the text that it shows"),
        .init(magic: [0x49, 0x49, 0x2A, 0x00], "is a picture (TIFF); give the text that it shows"),
        .init(magic: [0x4D, 0x4D, 0x00, 0x2A], "is a picture (TIFF); give the text that it shows"),
        .init(
            binary: Array("ftyp".utf8), at: 4, "is a picture or film (HEIF, MP4); give the text that it shows"),
        .init(magic: Array("PAGEDU".utf8), "is a crash dump of Windows, whose allocator is another"),
        .init(binary: Array("MZ".utf8), "is a program of Windows or firmware; give the kernel's boot log"),
        .init(magic: [0xD4, 0xC3, 0xB2, 0xA1], packets),
        .init(magic: [0xA1, 0xB2, 0xC3, 0xD4], packets),
        .init(magic: [0x4D, 0x3C, 0xB2, 0xA1], packets),
        .init(magic: [0x0A, 0x0D, 0x0D, 0x0A], packets),
        .init(
            magic: Array("QFI".utf8) + [0xFB], "is a disk image (QCOW2); give the command line that QEMU was run with"),
        .init(
            magic: [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C],
            "is a 7z archive, which is not unpacked here; unpack it, and give the directory"),
        .init(
            magic: Array("Rar!".utf8), "is a RAR archive, which is not unpacked here; unpack it, and give the directory"
        ),
        .init(
            recognises: { isPageMap($0.bytes) },
            sentence:
                "is /proc/PID/pagemap or its like, which describes one process's memory; give /proc/zoneinfo and "
                + "/proc/buddyinfo, which describe the machine's"),
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

    private static let packets =
        "is a recording of network packets (pcap), in which no machine is; give the output of 'numactl -H', or the boot log"

    /// Whether these are 64-bit words of which bits 59 and 60 are never set, and bit 63 where a page is present
    /// (`fs/proc/task_mmu.c`, 6.12).
    private static func isPageMap(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 64, bytes.count % 8 == 0 else { return false }
        let highest = stride(from: 7, to: min(bytes.count, 1 << 16), by: 8).lazy.map { bytes[$0] }
        return highest.allSatisfy { $0 & 0x18 == 0 } && highest.contains { $0 & 0x80 != 0 }
            && stride(from: 6, to: min(bytes.count, 1 << 16), by: 8).allSatisfy { bytes[$0] & 0x40 == 0 }
    }
}
