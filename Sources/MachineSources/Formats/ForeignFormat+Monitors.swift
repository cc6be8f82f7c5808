import SourceText

/// Outputs of tools that monitor a machine.
extension ForeignFormat {
    private static let nodes = "give the output of 'numactl -H', or XML of 'lstopo x.xml'"
    private static let texts = "give /proc/zoneinfo and /proc/buddyinfo"

    static let monitors: [ForeignFormat] = [
        .init(columns: ["total", "used", "free"], "is the output of 'free', which has no nodes and zones; \(texts)"),
        .init(prefix: "top - ", "is top's output, which has no nodes and zones; \(texts)"),
        .init(
            recognises: { $0.head.mentions("Mem[") && $0.head.mentions("Swp[") },
            sentence: "is htop's screen, which has no nodes and zones; \(texts)"),
        .init(
            firstLine: { $0.mentions("-----memory-----") },
            "is vmstat(8)'s output, which has no nodes and zones; \(texts)"),
        .init(
            firstLine: { $0.hasSuffix(" K total memory") },
            "is the output of 'vmstat -s', which has no nodes and zones; \(texts)"),
        .init(
            firstLine: { $0.hasPrefix("Linux ") && $0.hasSuffix("CPU)") },
            "is the output of sysstat (sar, mpstat, iostat), which has no nodes and zones; \(texts)"),
        .init(
            recognises: {
                $0.head.mentions("Performance counter stats for") || $0.start.hasPrefix("# To display the perf.data")
            },
            sentence: "is perf's report, which counts events; \(texts); of its recording 'perf script' prints a trace"),
        .init(
            firstLine: { line in
                line.hasPrefix("Startup finished in")
                    || line.first?.isNumber == true
                        && [".service", ".device", ".mount", ".target"].contains { line.hasSuffix($0) }
            }, "is systemd-analyze's output, which has times of units; \(texts)"),
        .init(
            prefix: "Per-node process memory usage",
            "is numastat's output of processes; give that of 'numastat -m', which has the machine's memory"),
        .init(
            prefix: "Per-node numastat info",
            "is numastat's table of counters, which has no sizes; give the output of 'numastat -m'"),
        .init(
            firstLine: { $0.mentions(" load average") && $0.mentions(" up ") },
            "is the output of 'uptime' or 'w', which has no memory; \(texts)"),
        .init(sign: "| NVIDIA-SMI", "is nvidia-smi's output, which has the GPUs' own memory; \(nodes)"),
        .init(
            recognises: { $0.start.hasPrefix("GPU0") && $0.head.mentions("CPU Affinity") },
            sentence: "is the output of 'nvidia-smi topo -m', which has links and no memory; \(nodes)"),
        .init(
            firstLine: { $0.hasPrefix("depth 0:") },
            "is hwloc-info's summary; export XML with 'lstopo x.xml' and give that"),
        .init(
            sign: "Hardware Thread Topology\n",
            "is likwid-topology's output without its part \"NUMA Topology\", which has the memory; \(nodes)"),
        .init(prefix: "CPU 0:\n", "is cpuid's output, which has CPUs and no memory; \(nodes)"),
        .init(
            recognises: { $0.start.hasPrefix("System:") && $0.head.mentions("Kernel:") && $0.head.mentions("Host:") },
            sentence: "is inxi's output, which has no nodes; \(nodes)"),
        .init(prefix: "-[0000:", "is lspci's output, which has devices and no memory; \(nodes)"),
        .init(
            firstLine: { $0.hasPrefix("Bus ") && $0.mentions(" Device ") },
            "is lsusb's output, which has devices and no memory; \(nodes)"),
        .init(columns: ["NAME", "MAJ:MIN"], "is lsblk's output, which has disks and no memory; \(nodes)"),
        .init(columns: ["Filesystem", "Mounted"], "is df's output, which has disks and no memory; \(nodes)"),
        .init(columns: ["Module", "Size", "Used"], "is lsmod's output, which has modules and no memory; \(nodes)"),
        .init(
            recognises: { $0.head.mentions("Microsoft Windows") && $0.head.mentions("OS Name:") },
            sentence: "describes a machine with Windows, whose allocator is another"),
        .init(
            recognises: {
                $0.start.hasPrefix("lgroup ") && $0.head.mentions("Lgroup resources")
            },
            sentence: "is Solaris' lgrpinfo, of a machine whose allocator is another"),
        .init(
            firstLine: { $0.hasPrefix("hw.") && ($0.mentions(": ") || $0.mentions("=")) },
            "is 'sysctl hw' of macOS or a BSD, whose allocators are others"),
        .init(
            recognises: {
                $0.start.hasPrefix("NUMA node {") || $0.start.hasPrefix("Comprehensive {")
                    || $0.head.mentions("vsish -e")
            }, sentence: "is vsish's output of an ESXi host, whose allocator is another"),
        .init(
            recognises: { $0.head.mentions("Trace Event Information") && $0.head.mentions("Load Operations") },
            sentence: "is the report of 'perf c2c', which has accesses and no memory; \(nodes)"),
        .init(prefix: "Mach Virtual Memory Statistics", "describes a machine with macOS, whose allocator is another"),
    ]

    static let crashes: [ForeignFormat] = [
        .init(
            recognises: { $0.head.mentions("DUMPFILE: ") && $0.head.mentions("KERNEL: ") },
            sentence: "is what crash says of a dump; give what its command 'log' prints"),
        .init(
            recognises: { $0.head.mentions("of TOTAL MEM") || $0.head.mentions("FREE_AREA_STRUCT") },
            sentence: "is the output of crash's command 'kmem'; give what its command 'log' prints"),
        .init(
            recognises: { $0.start.hasPrefix("OSRELEASE=") && $0.head.mentions("\nPAGESIZE=") },
            sentence:
                "is the notes of a kernel's dump (VMCOREINFO); save the dump's log with 'makedumpfile --dump-dmesg vmcore "
                + "dmesg.txt' and give that"),
    ]
}
