import ArgumentParser
import Foundation
import Serving
import Synchronization

struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve a machine as a live page: make requests, move settings, undo, explain logs.",
        discussion: """
            The page is served on 127.0.0.1 alone, at an address with a token that is printed: who does not know it gets \
            nothing, and neither does another page in the browser. Ctrl-C ends it; nothing is kept. api/openapi.json under \
            the address describes the interface.

            EXAMPLES
              numazones serve Config/two-socket.json
              numazones serve --host --port 8080
            """)

    @Argument(help: "The machine.", completion: .file())
    var source: String?

    @OptionGroup var machine: MachineOptions

    @Option(help: "The port; 0 is one that is free.")
    var port: UInt16 = 0

    func run() throws {
        Interruption.watch()
        let loaded = try machine.load(source)
        let server = try LiveServer(loaded.snapshot, name: loaded.name, port: port)
        let outcome = ServingOutcome()
        let task = Task {
            do { try await server.run { Output.write("\($0)\n") } } catch { outcome.fail("\(error)") }
        }
        while !Interruption.isRequested, outcome.problem == nil { usleep(50_000) }
        task.cancel()
        if let problem = outcome.problem { throw ToolError("cannot serve on port \(port): \(problem)") }
    }
}

/// How serving ended, told across threads.
private final class ServingOutcome: Sendable {
    private let state = Mutex<String?>(nil)

    var problem: String? { state.withLock { $0 } }

    func fail(_ problem: String) { state.withLock { $0 = $0 ?? problem } }
}
