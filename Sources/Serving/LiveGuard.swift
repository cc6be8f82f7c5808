import OperatingSystem

/// Who is let in: whoever has the token, asks by this host's own name, and comes from no other page.
struct LiveGuard {
    let token: String
    /// The address that is listened at; unless it is the loopback's, other addresses in numbers lead here too.
    let address: String
    let port: UInt16

    /// 128 random bits in hexadecimal.
    static func freshToken() -> String {
        var random = SystemRandomNumberGenerator()
        return (0..<16).map { _ in
            let byte = UInt8.random(in: 0...255, using: &random)
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    /// What a request gets that is not let in; nil: it is.
    func refusal(of request: HTTPRequest) -> HTTPAnswer? {
        let host = request.fields["host"] ?? ""
        guard isOurs(host) else { return .problem(.forbidden, "only this host is served, by its own address") }
        if let origin = request.fields["origin"], origin != "http://\(host)" {
            return .problem(.forbidden, "another page may not ask here")
        }
        // Asked without an Origin, as an image or a link of another page is.
        if let site = request.fields["sec-fetch-site"], site == "cross-site" || site == "same-site" {
            return .problem(.forbidden, "another page may not ask here")
        }
        guard path(of: request) != nil else {
            return .problem(.forbidden, "the address lacks the token that the program printed")
        }
        return nil
    }

    /// What of the address follows the token; nil: it has not the token.
    func path(of request: HTTPRequest) -> String? {
        let path = Array(request.path.utf8)
        let expected = Array("/\(token)/".utf8)
        guard path.count >= expected.count else { return nil }
        // All of it is compared: how long it takes tells nothing of where they differ.
        let difference = zip(path, expected).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
        return difference == 0 ? String(decoding: path[expected.count...], as: UTF8.self) : nil
    }

    /// A page can have a name of its own lead here, but not a number.
    private func isOurs(_ host: String) -> Bool {
        guard host.hasSuffix(":\(port)") else { return false }
        let name = String(host.dropLast(":\(port)".count))
        if ["127.0.0.1", "localhost", address].contains(name) { return true }
        return address == "0.0.0.0" && Sockets.isNumeric(name)
    }
}
