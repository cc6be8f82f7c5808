import BuddyEngine
import GFP
import MachineSources
import SourceText
import Topology

@testable import Serving

/// A session on a small machine, and somebody who asks it something.
struct Visitor {
    let session: LiveSession
    let interface: LiveInterface

    /// 64 MiB on one node with two CPUs; the machine that can be chosen has half as much.
    init(kernel: KernelVersion = KernelVersion(6, 12)) throws {
        var topology = Topology(nodes: [Topology.Node(id: 0, cpus: [0, 1], memory: [0..<16384])])
        topology.kernel = kernel
        let small = Topology(nodes: [Topology.Node(id: 0, cpus: [0], memory: [0..<8192])])
        let sources = LiveSources(
            choices: ["small.json"],
            load: { LiveStart(name: $0, snapshot: Snapshot(topology: small, zones: [])) },
            read: { bytes in
                LiveStart(name: "given", snapshot: try MachineSource.bytes(bytes, name: "given").load().snapshot)
            })
        session = try LiveSession(
            LiveStart(name: "test", snapshot: Snapshot(topology: topology, zones: [])), sources: sources)
        interface = LiveInterface(session: session)
    }

    /// The answer's status and what it says.
    func ask(_ method: String, _ path: String, _ body: String = "") throws -> (status: Int, answer: JSONValue) {
        let answer = interface.answer(method, path, body: Array(body.utf8))
        return (answer.status.rawValue, try JSONDocument(text: answer.text, name: path).root)
    }

    func post(_ path: String, _ body: String = "{}") throws -> Int { try ask("POST", path, body).status }

    /// The machine's whole state.
    var state: String { session.snapshot().text(pretty: false) }
}
