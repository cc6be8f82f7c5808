import ArgumentParser
import GFP
import PageAllocator
import Report
import SourceText
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

    func validate() throws {
        if let nth, nth < 1 { throw ValidationError("--nth \(nth): reports are counted from 1") }
    }

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

    /// What a result is made from.
    ///
    /// - Parameter argument: The SOURCE argument.
    func origin(_ argument: String?, _ loaded: LoadedMachine, policy: String = "") -> ResultOrigin {
        var origin = ResultOrigin(command: Output.command, sources: [argument ?? root ?? "the running machine"])
        origin.rules = RulesInForce(of: loaded.snapshot.topology)
        origin.settings = settings.settings
        origin.policy = policy.isEmpty ? nil : policy
        return origin
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

    @Option(help: "Colour the text: always, never, or auto, where it goes to a terminal.")
    var color: ColorChoice = .auto

    var style: TextStyle { Output.style(color) }

    /// Prints a result: as JSON with how it came about, or as text.
    func write(
        _ format: ResultFormat, _ origin: @autoclosure () -> ResultOrigin, json: @autoclosure () -> JSONValue,
        times: @autoclosure () -> JSONValue? = nil, text: (TextStyle) -> String
    ) {
        if self.json {
            Output.write(origin().json(format, json(), times: times()))
        } else {
            Output.write(text(style))
        }
    }
}

extension ColorChoice: ExpressibleByArgument {}
