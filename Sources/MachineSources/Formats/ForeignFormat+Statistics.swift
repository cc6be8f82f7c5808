import SourceText

/// Other texts of the kernel: statistics, settings, source code.
extension ForeignFormat {
    private static let texts = "give /proc/zoneinfo and /proc/buddyinfo"

    static let statistics: [ForeignFormat] = [
        .init(
            firstLine: isRange,
            "describes one process's memory; \(texts), which describe the machine's"),
        .init(
            recognises: { input in
                let lines = input.start.split(separator: "\n").prefix(2)
                return lines.count == 2 && lines[0].prefix { $0.isNumber }.isEmpty == false
                    && lines[0].drop { $0.isNumber }.hasPrefix(":   ") && isMapping(lines[1])
            }, sentence: "is pmap's output of one process; \(texts), which describe the machine's memory"),
        .init(
            firstLine: { ["systemd-+-", "systemd\u{2500}", "init-+-", "init\u{2500}"].contains(where: $0.hasPrefix) },
            "is pstree's output, which has processes and no nodes; \(texts)"),
        .init(prefix: "execve(\"", "is strace's output of one process; \(texts), which describe the machine's memory"),
        .init(
            prefix: "Page allocated via order",
            "is page_owner's list, which has pages in use by who took them; \(texts)"),
        .init(prefix: "unreferenced object 0x", "is kmemleak's list, which has objects in use; \(texts)"),
        .init(
            firstLine: { $0.mentions("symbolic-flags") }, "is page-types' table of pages by their flags; \(texts)"),
        .init(
            firstLine: { line in line.hasPrefix("0x") && (line.mentions(" pages=") || line.mentions(" vmalloc")) },
            "is /proc/vmallocinfo, which has mappings of the kernel's; \(texts)"),
        .init(
            firstLine: {
                $0.hasPrefix("Node ") && $0.mentions(", zone ") && $0.mentions(" 0.") || $0.mentions(" -1.000")
            },
            "is a table of fragmentation indices (extfrag), which follow from free blocks; give /proc/buddyinfo, with "
                + "/proc/zoneinfo"),
        .init(prefix: "some avg10=", "is /proc/pressure, which has no memory's size; \(texts)"),
        .init(
            recognises: { $0.start.hasPrefix("cpu  ") && $0.head.mentions("\ncpu0 ") },
            sentence: "is /proc/stat, which has CPUs' times and no memory; \(texts)"),
        .init(
            firstLine: { line in
                let fields = line.split(separator: " ")
                return fields.first == "CPU0" && fields.allSatisfy { $0.hasPrefix("CPU") }
            }, "is /proc/interrupts, which has no memory; \(texts)"),
        .init(
            recognises: { $0.start.hasPrefix("anon ") && $0.head.mentions("\nfile ") },
            sentence: "is a control group's memory.stat; \(texts), which describe the machine's memory"),
        .init(
            firstLine: { line in
                ["MemFree:", "MemAvailable:", "Buffers:", "Cached:", "HugePages_Total:", "Active:"]
                    .contains { line.hasPrefix($0) }
            }, "is a part of /proc/meminfo without MemTotal, which has the size of memory; give the whole"),
        .init(
            recognises: { $0.head.mentions("Kernel Configuration") || $0.start.hasPrefix("CONFIG_") },
            sentence:
                "is a kernel's configuration, which has no memory; give a machine's boot log, or its /proc/zoneinfo"),
        .init(
            recognises: { $0.start.hasPrefix("diff --git ") || $0.head.mentions("\ndiff --git ") },
            sentence: "is a patch, which describes no machine; Config/ has JSON descriptions to start from"),
        .init(
            prefix: "#!",
            "is a program, which describes no machine unless it runs QEMU; give what it prints, or a description as in Config/"
        ),
    ]

    /// Whether the line begins like `55d0c0a00000-55d0c0a2e000 r--p 00000000`.
    private static func isRange(_ line: Substring) -> Bool {
        let fields = line.split(separator: " ", maxSplits: 2)
        return fields.count == 3 && fields[0].mentions("-") && fields[0].allSatisfy { $0.isHexDigit || $0 == "-" }
            && fields[1].count == 4 && fields[1].allSatisfy { "rwxsp-".contains($0) }
    }

    /// Whether the line begins like `000055d0c0a00000    184K r---- bash`.
    private static func isMapping(_ line: Substring) -> Bool {
        let fields = line.split(separator: " ")
        return fields.count >= 3 && fields[0].allSatisfy(\.isHexDigit) && fields[1].last == "K"
    }
}
