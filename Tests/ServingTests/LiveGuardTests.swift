import Testing

@testable import Serving

/// Another user of the host, or a page in the browser, gets nothing.
@Suite struct LiveGuardTests {
    private let visitors = LiveGuard(token: "0123456789abcdef", address: "127.0.0.1", port: 8080)

    private func request(_ path: String = "/0123456789abcdef/api/state", _ fields: [String: String] = [:])
        -> HTTPRequest
    {
        HTTPRequest(method: "GET", target: path, fields: ["host": "127.0.0.1:8080"].merging(fields) { $1 })
    }

    @Test func `whoever has the token is let in by this host's own names`() {
        for host in ["127.0.0.1:8080", "localhost:8080"] {
            #expect(visitors.refusal(of: request(.init("/0123456789abcdef/"), ["host": host])) == nil)
        }
        #expect(visitors.refusal(of: request(.init("/0123456789abcdef/"), ["origin": "http://127.0.0.1:8080"])) == nil)
        #expect(visitors.path(of: request()) == "api/state")
    }

    @Test(arguments: [
        "/", "/0123456789abcde/", "/0123456789abcdeF/", "/0123456789abcdef", "/x/0123456789abcdef/", "//",
    ])
    func `without the token there is nothing`(_ path: String) {
        #expect(visitors.refusal(of: request(path))?.status == .forbidden)
    }

    @Test(arguments: [
        "evil.example:8080", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8080.evil.example", "", "10.0.0.1:8080",
    ])
    func `another host's name, as of a page that has it lead here, is refused`(_ host: String) {
        #expect(visitors.refusal(of: request(.init("/0123456789abcdef/"), ["host": host]))?.status == .forbidden)
    }

    @Test(arguments: ["http://evil.example", "null", "https://127.0.0.1:8080", "http://127.0.0.1:8081"])
    func `another page's request is refused`(_ origin: String) {
        #expect(visitors.refusal(of: request(.init("/0123456789abcdef/"), ["origin": origin]))?.status == .forbidden)
    }

    @Test func `what another page embeds or links to is refused, though it names no origin`() {
        for site in ["cross-site", "same-site"] {
            #expect(
                visitors.refusal(of: request(.init("/0123456789abcdef/"), ["sec-fetch-site": site]))?.status
                    == .forbidden)
        }
        #expect(visitors.refusal(of: request(.init("/0123456789abcdef/"), ["sec-fetch-site": "none"])) == nil)
    }

    @Test func `told to listen everywhere, other addresses in numbers lead here, and names do not`() {
        let open = LiveGuard(token: "0123456789abcdef", address: "0.0.0.0", port: 8080)
        #expect(open.refusal(of: request(.init("/0123456789abcdef/"), ["host": "10.0.0.1:8080"])) == nil)
        #expect(
            open.refusal(of: request(.init("/0123456789abcdef/"), ["host": "evil.example:8080"]))?.status == .forbidden)
    }

    @Test func `tokens have 128 bits, and no two are alike`() {
        let tokens = Set((0..<100).map { _ in LiveGuard.freshToken() })
        #expect(tokens.count == 100 && tokens.allSatisfy { $0.utf8.count == 32 })
    }
}
