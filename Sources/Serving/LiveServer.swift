import FlyingFox
import FlyingSocks
import Foundation
import PageAllocator
import Topology

/// Serves one machine on the loopback interface.
///
/// The address has a token that only who started the program knows, so that other users of the host get nothing. Requests
/// that name another host, as a page does that has its own name point here, or that come from another page, are refused.
public struct LiveServer: Sendable {
    private let server: HTTPServer
    private let token: String

    /// - `port`: 0: one that is free.
    /// - Throws: `MachineError` if the snapshot makes no machine.
    public init(_ start: Snapshot, name: String, port: UInt16 = 0) throws {
        var random = SystemRandomNumberGenerator()
        token = (0..<2).map { _ in String(random.next() as UInt64, radix: 36) }.joined()
        let handler = LiveHandler(interface: LiveInterface(session: try LiveSession(start, name: name)), token: token)
        server = HTTPServer(
            address: try sockaddr_in.inet(ip4: "127.0.0.1", port: port), timeout: 30, logger: .disabled,
            handler: handler)
    }

    /// Serves until the task is cancelled.
    ///
    /// - `isReady`: Told the page's address once it can be opened.
    public func run(isReady: @escaping @Sendable (String) -> Void) async throws {
        let (server, token) = (server, token)
        async let serving: Void = server.run()
        try await server.waitUntilListening()
        if case .ip4(_, let port) = await server.listeningAddress { isReady("http://127.0.0.1:\(port)/\(token)/") }
        try await serving
    }
}

/// What stands between HTTP and the interface.
private struct LiveHandler: HTTPHandler {
    let interface: LiveInterface
    let token: String

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        if let refusal = refusal(of: request) { return response(refusal) }
        var body: [UInt8] = []
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > LiveInterface.longestBody {
            return response(tooLarge)
        }
        for try await part in request.bodySequence {
            body += part
            guard body.count <= LiveInterface.longestBody else { return response(tooLarge) }
        }
        let path = String(request.path.dropFirst(token.utf8.count + 2))
        return response(await interface.answer(request.method.rawValue, path, body: body))
    }

    private var tooLarge: LiveAnswer {
        .problem(.tooLarge, "the body is larger than \(LiveInterface.longestBody >> 20) MiB")
    }

    private func refusal(of request: HTTPRequest) -> LiveAnswer? {
        let host = request.headers[.host] ?? ""
        let name = host.split(separator: ":").first.map(String.init) ?? ""
        guard ["127.0.0.1", "localhost"].contains(name) else {
            return .problem(.forbidden, "only this host is served, under its own name")
        }
        if let origin = request.headers[HTTPHeader("Origin")], origin != "http://\(host)" {
            return .problem(.forbidden, "another page may not ask here")
        }
        guard request.path == "/\(token)" || request.path.hasPrefix("/\(token)/") else {
            return .problem(.forbidden, "the address lacks the token that the program printed")
        }
        return nil
    }

    private func response(_ answer: LiveAnswer) -> HTTPResponse {
        let status: HTTPStatusCode =
            switch answer.status {
            case .fine: .ok
            case .badRequest: .badRequest
            case .forbidden: .forbidden
            case .notFound: .notFound
            case .wrongMethod: .methodNotAllowed
            case .tooLarge: .payloadTooLarge
            }
        return HTTPResponse(
            statusCode: status,
            headers: [
                .contentType: answer.type, .cacheControl: "no-store",
                HTTPHeader("X-Content-Type-Options"): "nosniff", HTTPHeader("Referrer-Policy"): "no-referrer",
                HTTPHeader("Cross-Origin-Resource-Policy"): "same-origin",
            ], body: Data(answer.text.utf8))
    }
}
