import SourceText

extension ForeignFormat {
    private static let nodes = "give the output of 'numactl -H', or XML of 'lstopo x.xml'"
    private static let texts = "give /proc/zoneinfo and /proc/buddyinfo"

    static let firmware: [ForeignFormat] = [
        .init(sign: "<list id=\"lshw\"", "is lshw's output, which has no nodes; \(nodes)"),
        .init(sign: "H/W path", "is lshw's output, which has no nodes; \(nodes)"),
        .init(
            recognises: { $0.head.mentions("# dmidecode") || $0.head.mentions(", DMI type ") },
            sentence:
                "is dmidecode's output, which has memory modules and no nodes; give the output of 'numactl -H', or the "
                + "boot log"),
        .init(
            firstLine: isPCIDevice, "is lspci's output, which has devices and no memory; \(nodes)"),
    ]

    /// Whether a line is `00:1f.2 SATA controller: ...`, possibly with the domain before it.
    private static func isPCIDevice(_ line: Substring) -> Bool {
        let address = line.prefix { $0 != " " }
        let device = address.split(separator: ":").last ?? ""
        return address.count { $0 == ":" } >= 1 && device.count == 4 && device.dropFirst(2).first == "."
            && address.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." } && line.mentions(": ")
    }

    /// JSON output of other tools, which is checked before our own JSON.
    static let json: [ForeignFormat] = [
        // Begins with a comment, as JSON5 may.
        .init(
            sign: "Intel ACPI Component Architecture",
            "is another firmware table in iasl's source form; give SRAT and SLIT in this form, or the kernel's boot log, which "
                + "prints what is in them"),
        .init(
            recognises: { $0.start.hasPrefix("{") && compact($0).mentions("\"class\":\"system\"") },
            sentence: "is lshw's output, which has no nodes; \(nodes)"),
        .init(
            recognises: { $0.start.hasPrefix("{") && compact($0).mentions("\"apiVersion\":") },
            sentence: "is Kubernetes' JSON, whose nodes are hosts; give what 'numactl -H' prints on the host itself"),
        .init(json: "{\"blockdevices\":", "is lsblk's JSON, which has disks and no memory; \(nodes)"),
        .init(json: "[{\"ifindex\":", "is JSON of 'ip', which has network devices and no memory; \(nodes)"),
        .init(
            recognises: { input in
                let start = compact(input)
                return start.hasPrefix("[{")
                    && ["\"memdev\":", "\"chardev\":", "\"dev\":\"namespace"].contains { start.mentions($0) }
            },
            sentence:
                "is JSON of 'cxl', 'daxctl' or 'ndctl', which has devices; 'lsmem -o +NODE,ZONES' has their memory's nodes"
        ),
        .init(
            recognises: { $0.start.hasPrefix("{") && $0.head.mentions("\"ansible_facts\"") },
            sentence: "is Ansible's facts of a host, which have no nodes; \(nodes)"),
    ]

    static let tools: [ForeignFormat] = [
        .init(sign: "%Cpu(s):", "is top's output, which has no nodes and zones; \(texts)"),
        .init(sign: "kbmemfree", "is sar's output, which has no nodes and zones; \(texts)"),
        .init(
            recognises: { $0.start.hasPrefix("slabinfo - version") || $0.head.mentions("Active / Total Objects") },
            sentence: "describes the kernel's slabs, not nodes and zones; \(texts)"),
        .init(
            recognises: { $0.head.mentions("mm_page_alloc:") || $0.start.hasPrefix("# tracer:") },
            sentence: "is a trace; 'numazones replay' replays it on a machine (--on)"),
        .init(
            sign: "available: 0 nodes",
            "is numactl -H's output of a machine whose kernel has no NUMA; give its /proc/zoneinfo"),
        .init(
            prefix: "No NUMA available",
            "is numactl's message that the kernel has no NUMA; give /proc/zoneinfo of that machine"),
        .init(
            sign: "nodebind: ",
            "is the output of 'numactl --show', which has a process's policy; give that of 'numactl -H'"),
        .init(
            sign: "numa_hit", "is numastat's table of counters, which has no sizes; give the output of 'numastat -m'"),
        .init(prefix: "node_id,", "is a table with commas; give the output of 'numactl -H' itself"),
        .init(
            prefix: "NodeName=", "is Slurm's description of a host; give what 'numactl -H' prints on the host itself"),
        .init(
            recognises: {
                $0.head.mentions("Capacity:\n") && $0.head.mentions("Allocatable:\n")
                    || $0.start.hasPrefix("Name:") && $0.head.mentions("\nRoles:") && $0.head.mentions("\nLabels:")
            },
            sentence: "is kubectl's description of a host; give what 'numactl -H' prints on the host itself"),
    ]

    static let processes: [ForeignFormat] = [
        .init(
            firstLine: { $0.mentions("PID") && ($0.hasSuffix("CMD") || $0.hasSuffix("COMMAND")) },
            "is the output of 'ps', which has processes and no nodes; \(texts)"),
        .init(
            recognises: { $0.start.hasPrefix("processor\t:") || $0.start.hasPrefix("processor       :") },
            sentence:
                "is /proc/cpuinfo, which has CPUs and no memory; give the directory that it was saved in, or the output of "
                + "'numactl -H'"),
        .init(
            recognises: { $0.head.mentions(" : System RAM\n") },
            sentence:
                "is /proc/iomem as others than root see it, all addresses zero; save it with 'sudo cat /proc/iomem'"),
        .init(
            recognises: { $0.head.mentions("kernelpagesize_kB=") || $0.head.mentions("\nKernelPageSize:") },
            sentence: "describes one process's memory; \(texts), which describe the machine's"),
        .init(
            recognises: { $0.start.hasPrefix("Name:\t") && $0.head.mentions("\nVmPeak:") },
            sentence: "describes one process; \(texts), which describe the machine's memory"),
        .init(
            firstLine: { $0.hasPrefix("Linux ") && $0.mentions("#") && $0.hasSuffix("Linux") },
            "is the output of 'uname -a' alone, which names the kernel and no memory; join it by + with a text that has it"
        ),
    ]

    /// A form in JSON; `start` is its beginning without blanks.
    private init(json start: String, _ sentence: String) {
        self.init(recognises: { compact($0).hasPrefix(start) }, sentence: sentence)
    }
}

/// The beginning of a text without blanks.
private func compact(_ input: SourceInput) -> String { String(input.start.prefix(512).filter { !$0.isWhitespace }) }
