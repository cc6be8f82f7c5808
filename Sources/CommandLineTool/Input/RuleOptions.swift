import ArgumentParser
import GFP
import OperatingSystem
import PageAllocator
import SourceText
import Topology

/// The options that choose a kernel's rules.
struct RuleOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Use the rules of another kernel, as in 6.1; with some changed: 6.12+highAtomicDivisor=50.",
            valueName: "version"),
        completion: .list(CompletionWords.kernels))
    var kernel: String?

    @Option(
        help: ArgumentHelp(
            "Use the rules of a profile's file; \"profiles 6.12 --json\" writes one. Or a value as for --kernel.",
            valueName: "file"),
        completion: .file(extensions: ["json"]))
    var profile: String?

    @Option(
        name: .customLong("rule"),
        help: ArgumentHelp(
            "Change a rule, as in highAtomicDivisor=50; \"profiles --all\" lists them. May be repeated.",
            valueName: "key=value"))
    var rules: [String] = []

    /// Whether a kernel is named, rather than only changes of rules.
    var namesKernel: Bool { kernel != nil || profile != nil }

    /// The named kernel, if any, and the changed rules.
    func choice() throws -> (version: KernelVersion?, changes: [RuleChange]) {
        guard kernel == nil || profile == nil else {
            throw ToolError("--kernel and --profile both name rules: give one of them")
        }
        let base =
            try kernel.map { text throws(ToolError) in try Self.kernel(text, of: "--kernel") }
            ?? profile.map { try Self.file($0) }
        let changes = try rules.map { try RuleChange($0) }
        return (base?.version, (base?.changes ?? []) + changes)
    }

    func apply(to topology: inout Topology) throws {
        let choice = try choice()
        if let version = choice.version {
            topology.kernel = version
            topology.rules = choice.changes
        } else {
            topology.rules += choice.changes
        }
        _ = try KernelProfile(of: topology)
    }

    static func kernel(_ text: String, of option: String) throws(ToolError) -> KernelChoice {
        guard text.contains("+") else { return KernelChoice(try MachineOptions.version(text)) }
        do throws(RuleError) { return try KernelChoice(text) } catch { throw ToolError("\(option): \(error)") }
    }

    /// Reads a profile's file; a text that is no file is read like the value of `--kernel`.
    static func file(_ path: String) throws -> KernelChoice {
        if path.contains("+"), !FileSystem.exists(path) { return try kernel(path, of: "--profile") }
        return try KernelChoice(JSONDocument.load(path))
    }
}
