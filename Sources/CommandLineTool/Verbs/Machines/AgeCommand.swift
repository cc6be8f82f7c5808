import ArgumentParser
import BuddyEngine
import Report
import Scenarios
import SourceText

struct AgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "age",
        abstract: "Bring a machine to a given occupancy and fragmentation, the same way each time.",
        discussion: """
            Takes blocks until the machine is as full as asked, then gives scattered pages back until what is free is as \
            broken up as asked. With --like, or --blocks, all of it is taken, and as many blocks of each order are given \
            back as the other machine has, or as asked, each where the seed says. --recipe fragments it as a known tool \
            does instead. The state can be written with --out and named as SOURCE by other verbs.

            EXAMPLES
              numazones age Config/two-socket.json --occupancy 80% --unusable-index 0.5 --seed 7 --out aged.json
              numazones age Config/two-socket.json --like saved-proc/ --seed 7 --out aged.json
              numazones age Config/laptop.json --occupancy 90% --blocks 0=10%,3=30%,9=60%
              numazones age Config/laptop.json --recipe all
              numazones show aged.json --fragmentation
              numazones replay trace.txt --on aged.json
            """)

    @Argument(help: "The machine; several sources of one with + between them.", completion: .file())
    var source: [String] = []

    @OptionGroup var machine: MachineOptions

    @Option(
        help: ArgumentHelp("How much of each node is in use at the end.", valueName: "share"),
        transform: { try Share($0) })
    var occupancy = Share(value: 0.8)

    @Option(
        help: ArgumentHelp("The share of free memory in blocks too small for --order.", valueName: "share"),
        transform: { try Share($0) })
    var unusableIndex = Share(value: 0.5)

    @Option(help: ArgumentHelp("The order that --unusable-index refers to.", valueName: "order"))
    var order: UInt8 = 9

    @Option(
        help: ArgumentHelp("The unmovable share of allocated memory.", valueName: "share"),
        transform: { try Share($0) })
    var unmovable = Share(value: 0.3)

    @Option(
        help: ArgumentHelp(
            "Break free memory up like that of another machine, order by order and type by type.", valueName: "source"),
        completion: .file())
    var like: String?

    @Option(
        help: ArgumentHelp(
            "How free memory is broken up: the share in blocks of each order, as in 0=10%,3=30%,9=60%.",
            valueName: "order=share,..."))
    var blocks: String?

    @Option(
        help: ArgumentHelp(
            "Fragment it like a known tool: \(FragmentationRecipe.all.map(\.name).joined(separator: ", ")); or all of them, to compare.",
            valueName: "name"),
        completion: .list(FragmentationRecipe.all.map(\.name) + ["all"]))
    var recipe: String?

    @Option(help: ArgumentHelp("Another seed gives another state of the same kind.", valueName: "number"))
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "Write the state to a file, compact if its name ends in .nzs; - is standard output, in place of the report.",
            valueName: "file"),
        completion: .file())
    var out: String?

    @OptionGroup var table: TableOptions

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if like != nil, blocks != nil {
            throw ValidationError("--like and --blocks both say how free memory is broken up: give one")
        }
        if recipe != nil, like != nil || blocks != nil {
            throw ValidationError("--recipe decides what is allocated and kept: give it without --like and --blocks")
        }
        if table.csv, recipe == nil { throw ValidationError("--csv prints the table of --recipe: give both") }
        try table.validate(beside: ["--json": output.json, "--out -": out == "-"])
        if out == "-", output.json { throw ValidationError(FileOutput.bothOnStandardOutput("--out")) }
    }

    func run() throws {
        let recipes = try recipes()
        if !recipes.isEmpty { return try follow(recipes) }
        if let (target, name) = try distribution() { return try age(to: target, named: name) }
        let loaded = try machine.load(words: source)
        Output.introduce(loaded)
        var machine = try loaded.machine()
        guard order <= machine.maximumOrder.rawValue else {
            throw ToolError("--order \(order): the machine's largest order is \(machine.maximumOrder)")
        }
        let ageing = Ageing(
            occupancy: occupancy.value, unusableIndex: unusableIndex.value, order: Order(order),
            unmovable: unmovable.value, seed: seed)
        let scattered = ageing.scatteredPages(of: machine)
        guard scattered <= Ageing.mostScattered else {
            func gibibytes(_ pages: Int) -> Int { pages / ((1 << 30) / machine.topology.pageSize) }
            throw ToolError(
                "\(loaded.name): at \(occupancy) in use, --unusable-index \(unusableIndex) breaks "
                    + "\(gibibytes(scattered)) GiB into small pieces; \(gibibytes(Ageing.mostScattered)) GiB are the most. Ask for a higher --occupancy or a lower "
                    + "--unusable-index")
        }
        // Created first, because a machine may take minutes to age.
        var file = try FileOutput.create(out)
        Interruption.watch()
        let outcome = ageing.age(&machine) { !Interruption.isRequested }
        if !outcome.isInterrupted {
            try file?.write(machine.snapshot().bytes(forFile: out ?? ""))
            try file?.finish()
        }
        guard out != "-" || outcome.isInterrupted else { return }
        let report = AgeingReport(ageing, outcome, machine: loaded.name)
        var origin = self.machine.origin(source, loaded)
        origin.seed = seed
        output.write(.ageing, origin, json: report.json) { report.text($0) }
        if outcome.isInterrupted { throw ExitCode.interrupted }
    }
}

/// A share in the forms `80%` and `0.8`.
struct Share: ExpressibleByArgument, CustomStringConvertible {
    var value: Double

    init(value: Double) { self.value = value }

    init?(argument: String) {
        guard let value = try? Self(argument).value else { return nil }
        self.value = value
    }

    /// Reads a share.
    ///
    /// - Throws: `ToolError` that says what to write instead.
    init(_ text: String) throws(ToolError) {
        let isPercent = text.hasSuffix("%")
        let number = Double(isPercent ? String(text.dropLast()) : text)
        guard let number, number.isFinite, number >= 0 else {
            throw ToolError("\"\(text)\" is not a share: write 80% or 0.8")
        }
        value = isPercent ? number / 100 : number
        guard value <= 1 else {
            throw ToolError(
                isPercent ? "\(text) is more than all of it" : "a share is from 0 to 1: write \(text)% for a percentage"
            )
        }
    }

    var description: String { "\(Int((value * 100).rounded()))%" }

    var defaultValueDescription: String { description }
}
