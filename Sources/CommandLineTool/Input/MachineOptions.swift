import ArgumentParser
import GFP
import Topology

/// Where a machine comes from, other than by a SOURCE argument.
struct MachineOptions: ParsableArguments {
    @Flag(help: "Take the running machine.")
    var host = false

    @Option(
        help: ArgumentHelp("Take the machine whose /proc and /sys were saved in a directory.", valueName: "directory"),
        completion: .directory)
    var root: String?

    @OptionGroup var rules: RuleOptions

    @Option(
        help: ArgumentHelp("Of a kernel log with several reports, take this one, counted from 1.", valueName: "number"))
    var nth: Int?

    @OptionGroup var settings: SettingOptions

    /// Whether a SOURCE argument is not needed.
    var namesMachine: Bool { host || root != nil }

    func source(_ argument: String?) throws(ToolError) -> InputSource {
        guard nth == nil || argument != nil else { throw ToolError("--nth goes with a kernel log") }
        switch (argument, root, host) {
        case (nil, nil, true): return .host
        case (nil, let root?, false): return .tree(root)
        case (let path?, nil, false): return .path(path, nth: nth)
        case (nil, nil, false):
            throw ToolError(
                "no machine is named: give a file, a directory, - for standard input, or --host; Config/ has machines "
                    + "to start from")
        default: throw ToolError("several machines are named: give one of SOURCE, --host and --root")
        }
    }

    func load(_ argument: String?) throws -> LoadedMachine {
        var machine = try source(argument).load()
        try rules.apply(to: &machine.snapshot.topology)
        try settings.apply(to: &machine)
        return machine
    }

    static func version(_ text: String) throws(ToolError) -> KernelVersion {
        guard let version = KernelVersion(text) else {
            throw ToolError("--kernel \(text): no kernel version; write two or three numbers, as in 6.1 or 6.12.95")
        }
        return version
    }
}

struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON.")
    var json = false
}
