import Topology

extension BootLogReader {
    typealias Family = BootLog.ArchitectureSign.Family

    /// Beginnings of lines that only one architecture's kernels print.
    private static let beginnings: [(StaticString, Family)] = [
        ("BIOS-e820: ", .x86), ("BIOS-provided physical RAM map", .x86), ("e820: ", .x86), ("x86/", .x86),
        ("x86: ", .x86), ("smpboot: ", .x86), ("tsc: ", .x86), ("DMI: ", .other), ("Using GB pages", .amd64),
        ("psci: ", .arm64), ("GICv", .arm64), ("CPU features: ", .arm64), ("KASLR enabled", .other),
        ("SMP: Total of ", .other), ("Detected PIPT I-cache", .arm64), ("Detected VIPT I-cache", .arm64),
        ("CPU: ARMv7", .arm), ("CPU: ARMv6", .arm), ("OF: fdt: ", .other), ("SBI specification", .riscv64),
        ("riscv: ", .riscv64), ("SBI implementation", .riscv64), ("Page orders: linear", .powerPC),
        ("hash-mmu: ", .powerPC), ("radix-mmu: ", .powerPC), ("Using PowerNV", .powerPC), ("Using pSeries", .powerPC),
        ("ppc64_pft_size", .powerPC), ("Top of RAM: ", .powerPC), ("setup: Linux is running", .s390),
        ("Linux is running as a z/VM", .s390), ("Linux is running natively in", .s390), ("SAL 3", .ia64),
        ("ARCH: SUN4", .sparc), ("PROMLIB: ", .sparc),
        ("CPU0 revision is: 0014c", .loongArch), ("64-bit Loongson Processor", .loongArch),
    ]

    mutating func readArchitectureSign(_ text: LogText) {
        if text.starts(with: "radix-mmu: ") { log.hasRadixTables = true }
        guard log.architectures.count < 64 else { return }
        if text.starts(with: "Linux version ") {
            if let family = Self.family(ofVersion: text.string.lowercased()) { add(family, text) }
            return
        }
        if text.starts(with: "Booting Linux on physical CPU ") {
            // arm64 prints the CPU's ID register after it (`smp_setup_processor_id`); 32-bit kernels do not.
            add(text.contains("[0x") ? .arm64 : .arm, text)
            return
        }
        if text.contains("-> MPIDR 0x") { return add(.arm64, text) }
        if text.contains("-> APIC 0x") { return add(.x86, text) }
        if text.contains("HIGHMEM available"), text.leadingInteger != nil { return add(.i386, text) }
        for (beginning, family) in Self.beginnings where family != .other && text.starts(with: beginning) {
            return add(family, text)
        }
    }

    private mutating func add(_ family: Family, _ text: LogText) {
        guard !log.architectures.contains(where: { $0.family == family }) else { return }
        log.architectures.append(
            BootLog.ArchitectureSign(family: family, sign: String(text.string.prefix(48)), line: line))
    }

    /// Parts of the release, and of the compiler's name; more specific ones first.
    private static let versionNames: [(String, Family)] = [
        ("x86_64", .amd64), ("x86-64", .amd64), ("amd64", .amd64), ("aarch64", .arm64), ("arm64", .arm64),
        ("riscv64", .riscv64), ("i686", .i386), ("i586", .i386), ("i386", .i386), ("-686", .i386), ("-586", .i386),
        ("ppc64", .powerPC), ("powerpc", .powerPC), ("s390x", .s390), ("-v7l", .arm), ("armv7", .arm), ("armhf", .arm),
        ("arm-linux", .arm), ("loongarch", .loongArch), ("ia64", .ia64), ("itanium", .ia64), ("mips", .mips),
        ("sparc64", .sparc), ("sparc-linux", .sparc), ("alpha-linux", .alpha), ("-alpha-", .alpha), ("mckinley", .ia64),
    ]

    private static func family(ofVersion line: String) -> Family? {
        versionNames.first { line.contains($0.0) }?.1
    }

    // MARK: Pages

    mutating func readPageSizeSign(_ text: LogText) {
        guard log.pageSizes.count < 256 else { return }
        if let bytes = Self.pageSize(text) {
            guard !log.pageSizes.contains(where: { $0.bytes == bytes && $0.sign.prefix(8) == text.string.prefix(8) })
            else { return }
            log.pageSizes.append(
                BootLog.PageSizeSign(bytes: bytes, sign: String(text.string.prefix(64)), line: line))
        }
    }

    /// The page size in bytes; nil if the line does not tell it.
    private static func pageSize(_ text: LogText) -> Int? {
        if text.starts(with: "Page orders: ") {
            return text.after("virtual = ")?.leadingInteger.flatMap {
                (12...20).contains($0.value) ? 1 << $0.value : nil
            }
        }
        if let rest = text.after("mbedded "), let (pages, tail) = rest.leadingInteger, tail.starts(with: " pages/cpu"),
            pages > 0
        {
            // The sum of the three sizes is a whole number of pages (`pcpu_embed_first_chunk`, mm/percpu.c).
            let sizes = ["s", "r", "d"].map { letter in
                tail.words.first { $0.string.hasPrefix(letter) && $0.dropping(1).integer != nil }?.dropping(1).integer
            }
            guard !sizes.contains(nil) else { return nil }
            return page(sizes.reduce(0) { $0 &+ ($1 ?? 0) }, pages)
        }
        if let unit = text.after(" alloc="), text.starts(with: "pcpu-alloc: "), let (_, rest) = unit.leadingInteger,
            let size = rest.dropping(1).leadingInteger?.value, size <= 65536
        {
            return page(size, 1)
        }
        // `Dentry cache hash table entries: 65536 (order: 7, 524288 bytes, linear)`.
        if text.contains("hash table entries: "), let (order, rest) = text.after("(order: ")?.leadingInteger,
            (1..<30).contains(order), let bytes = rest.after(", ")?.leadingInteger?.value
        {
            return page(bytes, 1 << order)
        }
        if text.starts(with: "Linux version ") {
            let release = text.dropping(14).firstWord.string
            if release.contains("64k") { return 65536 }
            if release.contains("16k") { return 16384 }
        }
        return nil
    }

    private static func page(_ bytes: Int, _ pages: Int) -> Int? {
        let size = bytes / pages
        return size * pages == bytes && size >= 4096 && size <= 1 << 18 && size & (size - 1) == 0 ? size : nil
    }
}
