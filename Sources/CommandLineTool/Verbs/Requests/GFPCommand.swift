import ArgumentParser
import GFP
import PageAllocator
import Report
import SourceText
import Topology

struct GFPCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gfp", abstract: "Explain a GFP mask: zone, mobility, whether it may sleep, which reserves.",
        discussion: """
            A mask is what kernel code writes or what a log prints: names, numbers, |, &, ~ and parentheses, or a piece of a \
            log as mode:0x40cc0(GFP_KERNEL|__GFP_COMP). The bits of a number, and what a composite stands for, are those of \
            --kernel.

            EXAMPLES
              numazones gfp GFP_KERNEL 'GFP_KERNEL & ~__GFP_FS'
              numazones gfp 0xcc0 --kernel 6.1
              numazones gfp 'mode:0x40cc0(GFP_KERNEL|__GFP_COMP)'
              numazones gfp --list --kernel 4.18
            """)

    @Argument(help: "Masks, as in GFP_KERNEL or 0xcc0.", completion: .list(CompletionWords.masks))
    var masks: [String] = []

    @Option(
        help: ArgumentHelp("The kernel whose bits and composites apply; by default 6.12.", valueName: "version"),
        completion: .list(CompletionWords.kernels))
    var kernel: String?

    @Option(help: "The architecture, which decides what the zone bits mean.")
    var arch: Architecture = .amd64

    @Flag(help: "List the composites of the kernel.")
    var list = false

    @OptionGroup var output: OutputOptions

    func run() throws {
        let version = try kernel.map { text throws(ToolError) in try MachineOptions.version(text) }
        guard !masks.isEmpty || list else {
            throw ToolError("no mask is given; write one, as in GFP_KERNEL or 0xcc0, or --list for all composites")
        }
        let reports = try masks.map { try GFPReport($0, kernel: version, architecture: arch) }
        let composites = list ? GFPCompositeList(kernel: version ?? KernelVersion.usual) : nil
        if output.json {
            var result: JSONObject = ["masks": .init(reports.map(\.json))]
            result["composites"] = composites?.json
            var origin = ResultOrigin(command: Output.command)
            origin.rules = RulesInForce(of: version ?? KernelVersion.usual)
            Output.write(origin.json(.gfp, JSONValue(result)))
        } else {
            let style = output.style
            let texts = reports.map { $0.text(style) } + [composites?.text(style)].compactMap { $0 }
            Output.write(texts.joined(separator: "\n"))
        }
    }
}

extension Architecture: ExpressibleByArgument {}
