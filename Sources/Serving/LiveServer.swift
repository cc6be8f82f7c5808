import SourceText
import SystemPackage

/// Serves one session, on the loopback interface unless told otherwise.
///
/// The address has a token that only who started the program knows, so that other users of the host get nothing.
/// Requests that name another host, as a page does that has its own name lead here, or that come from another page, are
/// refused before their bodies are read.
package final class LiveServer {
    private let server: HTTPServer
    private let visitors: LiveGuard
    private let interface: LiveInterface

    /// - Parameters:
    ///   - start: The machine to begin with.
    ///   - sources: Where others come from.
    ///   - address: An IPv4 address of this host.
    ///   - port: 0: one that is free.
    /// - Throws: `MachineError` if the snapshot makes no machine; ``LiveServerError`` if the address cannot be had.
    package init(
        _ start: LiveStart, sources: LiveSources, address: String = "127.0.0.1", port: UInt16 = 0
    ) throws {
        interface = LiveInterface(session: try LiveSession(start, sources: sources))
        do throws(Errno) {
            server = try HTTPServer(address, port: port)
        } catch { throw LiveServerError(address: address, port: port, reason: "\(error)") }
        visitors = LiveGuard(token: LiveGuard.freshToken(), address: address, port: server.port)
    }

    /// The interface over HTTP as an OpenAPI 3.1 document.
    package static var interface: JSONValue { LiveAddress.openAPI }

    /// Where the page is.
    package var address: String {
        let host = visitors.address == "0.0.0.0" ? "127.0.0.1" : visitors.address
        return "http://\(host):\(visitors.port)/\(visitors.token)/"
    }

    /// Answers what comes, for about a fifth of a second.
    package func turn() {
        let (visitors, interface) = (visitors, interface)
        server.turn(
            longestBody: LiveInterface.longestBody, refusal: { visitors.refusal(of: $0) },
            answer: { interface.answer($0.method, visitors.path(of: $0) ?? "", body: $0.body) })
    }
}

/// An address that cannot be served at.
package struct LiveServerError: Error, Hashable, Sendable, CustomStringConvertible {
    package var address: String
    package var port: UInt16
    package var reason: String

    package var description: String { "cannot serve at \(address), port \(port): \(reason)" }
}
