import SourceText
import SystemPackage

/// Serves one session, by default on the loopback interface only.
///
/// The address contains a token known only to the user who started the program, which keeps out other users of the
/// host. Requests that name another host, as a page does whose own name leads here, or that come from another page, are
/// refused before their bodies are read.
package final class LiveServer {
    private let server: HTTPServer
    private let visitors: LiveGuard
    private let interface: LiveInterface

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - start: The machine to begin with.
    ///   - sources: Where other machines come from.
    ///   - address: An IPv4 address of this host.
    ///   - port: The port; 0: any free one.
    /// - Throws: `MachineError` if the snapshot makes no machine; ``LiveServerError`` if the address cannot be used.
    package init(
        _ start: LiveStart, sources: LiveSources, address: String = "127.0.0.1", port: UInt16 = 0
    ) throws {
        interface = LiveInterface(session: try LiveSession(start, sources: sources))
        do throws(Errno) {
            server = try HTTPServer(address, port: port)
        } catch { throw LiveServerError(address: address, port: port, reason: "\(error)") }
        visitors = LiveGuard(token: LiveGuard.freshToken(), address: address, port: server.port)
    }

    /// The HTTP interface as an OpenAPI 3.1 document.
    package static var interface: JSONValue { LiveAddress.openAPI }

    /// The address of the page.
    package var address: String {
        let host = visitors.address == "0.0.0.0" ? "127.0.0.1" : visitors.address
        return "http://\(host):\(visitors.port)/\(visitors.token)/"
    }

    /// Answers requests for about a fifth of a second.
    package func turn() {
        let (visitors, interface) = (visitors, interface)
        server.turn(
            longestBody: LiveInterface.longestBody, refusal: { visitors.refusal(of: $0) },
            answer: { interface.answer($0.method, visitors.path(of: $0) ?? "", body: $0.body) })
    }
}

/// The error that an address cannot be served.
package struct LiveServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The address.
    package var address: String
    /// The port.
    package var port: UInt16
    /// The reason, from the operating system.
    package var reason: String

    /// What is printed of it.
    package var description: String { "cannot serve at \(address), port \(port): \(reason)" }
}
