import ArgumentParser
import GFP
import LibNUMA
import MachineSources
import PageAllocator
import Report
import SourceText
import Topology

/// The options that name a machine in other ways than by a SOURCE argument.
struct MachineOptions: ParsableArguments {
    @Flag(help: "Use the running machine.")
    var host = false

    @Option(
        help: ArgumentHelp("Use the machine whose /proc and /sys were saved in a directory.", valueName: "directory"),
        completion: .directory)
    var root: String?

    @Option(
        help: ArgumentHelp(
            "Use a machine in hwloc's synthetic form, as in \"numa:2(memory=64GB) core:8 pu:2\".", valueName: "levels"))
    var synthetic: String?

    @OptionGroup var rules: RuleOptions

    @Option(
        help: ArgumentHelp("Of a kernel log with several reports, use this one, counted from 1.", valueName: "number"))
    var nth: Int?

    @Option(help: "The architecture, for a source that does not state it.")
    var arch: Architecture?

    @Option(
        help: ArgumentHelp("The page size, for a source that does not state it, as in 64KiB.", valueName: "size"))
    var pageSize: String?

    @Option(
        help: ArgumentHelp(
            "The distances, for a source that has none: one for all remote nodes, or rows, as in \"10,21;21,10\".",
            valueName: "rows"))
    var distances: String?

    @OptionGroup var settings: SettingOptions

    func validate() throws {
        if let nth, nth < 1 { throw ValidationError("--nth \(nth): reports are counted from 1") }
    }

    /// Whether the options name a machine, so that no SOURCE argument is needed.
    var namesMachine: Bool { host || root != nil || synthetic != nil }

    func source(_ argument: String?) throws(ToolError) -> MachineSource {
        guard nth == nil || argument != nil else { throw ToolError("--nth goes with a kernel log") }
        if let synthetic {
            guard argument == nil, root == nil, !host else {
                throw ToolError("several machines are named: give one of SOURCE, --host, --root and --synthetic")
            }
            return .synthetic(synthetic)
        }
        switch (argument, root, host) {
        case (nil, nil, true): return .host(LibNUMA())
        case (nil, let root?, false): return .tree(root)
        case (let path?, nil, false): return .path(path)
        case (nil, nil, false):
            throw ToolError(
                "no machine is named: give a file, a directory, - for standard input, or --host; Config/ has machines "
                    + "to start from")
        default: throw ToolError("several machines are named: give one of SOURCE, --host and --root")
        }
    }

    func load(_ argument: String?) throws -> SourcedMachine {
        try source(argument).load(try options())
    }

    /// The machine named by SOURCE arguments, or by the options if there are none.
    func load(words: [String]) throws -> SourcedMachine {
        let sources = Self.joined(words)
        guard sources.count <= 1 else {
            throw ToolError(
                "\"\(sources[1])\" is one argument too many; join several sources of one machine by +, as in "
                    + "boot.log + numactl.txt")
        }
        return try load(sources.first)
    }

    func options() throws -> SourceOptions {
        let choice = try rules.choice()
        return SourceOptions(
            kernel: choice.version, rules: choice.changes, architecture: arch, pageSize: try pageSizeInBytes(),
            distances: try distances.map { text throws(SourceRefusal) in try DistanceOption(text) }, nth: nth,
            settings: try settings.changes())
    }

    private func pageSizeInBytes() throws(ToolError) -> Int? {
        guard let pageSize else { return nil }
        guard let size = try? ByteSize(pageSize).bytes, size >= 4096, size <= 1 << 20, size & (size - 1) == 0 else {
            throw ToolError("--page-size \(pageSize): a page size is 4KiB, 16KiB, 64KiB or another power of two")
        }
        return Int(size)
    }

    /// The sources in arguments, of which some are joined by a separate `+`: `boot.log + numactl.txt` is one source.
    static func joined(_ words: [String]) -> [String] {
        var result: [String] = []
        for word in words {
            if let last = result.last, word == "+" || last.hasSuffix(" +") {
                result[result.count - 1] = last + " " + word
            } else {
                result.append(word)
            }
        }
        return result
    }

    /// The origin of a result.
    ///
    /// - Parameters:
    ///   - argument: The SOURCE argument; nil: the options name the machine.
    ///   - loaded: The machine.
    ///   - policy: The policy in the words of numactl(8); empty: none.
    func origin(_ argument: String?, _ loaded: SourcedMachine, policy: String = "") -> ResultOrigin {
        let source = argument ?? root ?? synthetic ?? "the running machine"
        var origin = ResultOrigin(command: Output.command, sources: MachineSource.paths(in: source))
        origin.rules = RulesInForce(of: loaded.snapshot.topology)
        origin.notes = loaded.notes
        origin.settings = settings.settings
        origin.policy = policy.isEmpty ? nil : policy
        return origin
    }

    /// The origin of a result on a machine named by SOURCE arguments.
    func origin(_ words: [String], _ loaded: SourcedMachine, policy: String = "") -> ResultOrigin {
        origin(Self.joined(words).first, loaded, policy: policy)
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

    /// Prints a result: as JSON with its origin, or as text.
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
