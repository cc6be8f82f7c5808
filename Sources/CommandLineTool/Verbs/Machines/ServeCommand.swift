import ArgumentParser
import MachineSources
import OperatingSystem
import Serving
import SourceText

struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve a machine as a live page: make requests, move settings, undo, compare, explain logs.",
        discussion: """
            The page is served on 127.0.0.1, at an address with a token that is printed; without the token a request is \
            refused, as is one from another page in the browser. Ctrl-C ends it; only what you save on the page is kept: the \
            page itself, the machine, or what you did as a scenario for run. api/openapi.json under the address describes the \
            interface. Other machines of the same folder can be chosen on the page.

            EXAMPLES
              numazones serve Config/two-socket.json
              numazones serve --host --port 8080 --open
            """)

    @Argument(help: "The machine; several sources of one with + between them.", completion: .file())
    var source: [String] = []

    @OptionGroup var machine: MachineOptions

    @Option(help: ArgumentHelp("The port; 0 is any free one.", valueName: "port"))
    var port: UInt16 = 0

    @Option(
        help: ArgumentHelp(
            "Listen at another address of this host, as in 0.0.0.0: anyone who sees the token in the address may then use it.",
            valueName: "address"))
    var listen = "127.0.0.1"

    @Flag(help: "Open the page with xdg-open.")
    var open = false

    @Flag(help: "Print the interface's description (OpenAPI 3.1), and serve nothing.")
    var interface = false

    func run() throws {
        if interface { return Output.write(LiveServer.interface) }
        Interruption.watch()
        let loaded = try machine.load(words: source)
        Output.notes(loaded)
        let server = try LiveServer(Self.start(loaded), sources: try sources(), address: listen, port: port)
        Output.write(server.address + "\n")
        if open { try show(server.address) }
        while !Interruption.isRequested { server.turn() }
        throw ExitCode.interrupted
    }

    private static func start(_ loaded: SourcedMachine) -> LiveStart {
        LiveStart(name: loaded.snapshot.topology.name, snapshot: loaded.snapshot)
    }

    /// The largest number of machines offered to choose from.
    private static let mostChoices = 200

    private func sources() throws -> LiveSources {
        let options = try machine.options()
        let folder = folder
        var sources = LiveSources(
            choices: Array(MachineDescriptions.names(in: folder ?? "").prefix(Self.mostChoices)),
            load: { Self.start(try MachineSource.path("\(folder ?? ".")/\($0)").load(options)) },
            read: { bytes in
                Self.start(try MachineSource.bytes(bytes, name: "the file given").load(options))
            })
        if machine.host {
            let source = try machine.source(nil)
            sources.readAgain = { Self.start(try source.load(options)) }
        }
        return sources
    }

    /// The folder of the machine's own file, or of other machines to start from.
    private var folder: String? {
        guard source.count == 1, let path = source.first, path != "-", FileSystem.isRegularFile(path) else {
            return FileSystem.isDirectory("Config") ? "Config" : nil
        }
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Opens the browser on a thread of its own, because some browsers do not return before they are closed.
    private func show(_ address: String) throws {
        guard let opener = ChildProcess.find("xdg-open") else {
            return Output.note("note: there is no xdg-open here; open the address in a browser")
        }
        _ = WorkerThreads(1, stackSize: 1 << 20) { _ = try? ChildProcess(opener, [address]) }
    }
}
