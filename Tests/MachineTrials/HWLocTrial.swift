import Foundation
import GFP
import MachineSources
import Topology

/// Compares what is read of trees gathered for hwloc with what hwloc itself says of them.
public struct HWLocTrial: Sendable {
    /// Trees of which hwloc and we say the same.
    public private(set) var alike = 0
    /// What differs, a line each.
    public private(set) var differences: [String] = []
    /// Trees that cannot be compared, and why.
    public private(set) var skipped: [String] = []

    public init() {}

    /// hwloc's program; nil: it is not installed.
    public static let program = ["/usr/bin/lstopo-no-graphics", "/usr/bin/lstopo", "/usr/local/bin/lstopo"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// - Parameter tarball: with a tree of /sys and /proc, packed by bzip2.
    /// - Throws: If a program cannot be run.
    public mutating func run(_ tarball: String, program: String) throws {
        let name = RoundTripTrial.name(of: tarball)
        let folder = try TemporaryFolder()
        try Self.run("/usr/bin/tar", ["-xjf", tarball, "-C", folder.path])
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        guard let tree = names.first else { return skipped.append("\(name): is empty") }
        let file = folder.path + "/out.xml"
        // CPUs that a control group keeps from hwloc are there all the same.
        var variables = Self.variables(beside: tarball)
        // Nodes that are a graphics card's memory are nodes to the kernel, and left out by hwloc unless asked for.
        variables["HWLOC_KEEP_NVIDIA_GPU_NUMA_NODES"] = "1"
        guard variables["HWLOC_DEBUG_ALLOW_OVERLAPPING_NODE_CPUSETS"] == nil else {
            return skipped.append("\(name): is made up, of nodes that share CPUs")
        }
        let input = ["--input", folder.path + "/" + tree, "--if", "fsroot"]
        try Self.run(program, input + ["--disallowed", "--no-io", "--of", "xml", file], variables)
        guard FileManager.default.fileExists(atPath: file) else {
            return skipped.append("\(name): lstopo reads no such tree")
        }
        do {
            compare(try MachineSource.path(tarball).load(), try MachineSource.path(file).load(), name)
        } catch {
            skipped.append("\(name): \(error)")
        }
    }

    /// From here on `MemTotal` of a node's meminfo is what the kernel manages of it (`si_meminfo_node`,
    /// mm/page_alloc.c).
    private static let firstWithManagedSizes = KernelVersion(3, 12)

    private mutating func compare(_ ours: SourcedMachine, _ theirs: SourcedMachine, _ name: String) {
        let own = ours.snapshot.topology
        let hwloc = theirs.snapshot.topology
        let before = differences.count
        func check(_ what: String, _ own: String, _ theirs: String) {
            if own != theirs {
                differences.append("\(name): \(what): \(own.prefix(200)), by hwloc \(theirs.prefix(200))")
            }
        }
        check("nodes", "\(own.nodes.map(\.id))", "\(hwloc.nodes.map(\.id))")
        check("CPUs", "\(own.nodes.map(\.cpus))", "\(hwloc.nodes.map(\.cpus))")
        if own.kernel < Self.firstWithManagedSizes, ours.sizes != theirs.sizes {
            skipped.append(
                "\(name): its bytes: Linux \(own.kernel) states a node's present memory, \(theirs.sizes), and its boot log "
                    + "what is managed of it, \(ours.sizes)")
        } else {
            check("bytes", "\(ours.sizes)", "\(theirs.sizes)")
        }
        // Of some machines hwloc has none that it believes.
        if !theirs.distancesAreAssumed { check("distances", "\(own.distances.rows)", "\(hwloc.distances.rows)") }
        if differences.count == before { alike += 1 }
    }

    /// Variables that hwloc's own tests set for a tree: `NAME=value` lines in a file of its name.
    private static func variables(beside tarball: String) -> [String: String] {
        let file = tarball.replacingOccurrences(of: ".tar.bz2", with: ".env")
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return [:] }
        let pairs = text.split(separator: "\n").compactMap { line -> (String, String)? in
            let parts = line.split(separator: "=", maxSplits: 1)
            return parts.count == 2 ? (String(parts[0]), parts[1].filter { $0 != "\"" }) : nil
        }
        return Dictionary(pairs, uniquingKeysWith: { $1 })
    }

    private static func run(_ program: String, _ arguments: [String], _ variables: [String: String] = [:]) throws {
        let process = Process()
        process.environment = ProcessInfo.processInfo.environment.merging(variables, uniquingKeysWith: { $1 })
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
    }
}
