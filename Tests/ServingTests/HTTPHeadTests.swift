import Testing

@testable import Serving

/// Requests are read as HTTP/1.1 has them, and anything that could be read in two ways is refused.
@Suite struct HTTPHeadTests {
    private func read(_ text: String) throws(HTTPFault) -> HTTPRequest? { try HTTPHead.read(Array(text.utf8))?.request }

    private func fault(_ text: String) -> HTTPFault? {
        do throws(HTTPFault) {
            _ = try read(text)
            return nil
        } catch { return error }
    }

    @Test func `method, target and fields are read, names in lower case`() throws {
        let request = try #require(try read("GET /a/b?c HTTP/1.1\r\nHost: 127.0.0.1:1\r\nX-A: 1\r\nx-a: 2\r\n\r\nrest"))
        #expect(request.method == "GET" && request.target == "/a/b?c" && request.path == "/a/b")
        #expect(request.fields == ["host": "127.0.0.1:1", "x-a": "1, 2"])
    }

    @Test func `a head that is not whole is waited for`() throws {
        let bytes = Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
        for length in bytes.indices { #expect(try HTTPHead.read(Array(bytes.prefix(length))) == nil) }
        #expect(try HTTPHead.read(bytes)?.length == bytes.count)
    }

    @Test(arguments: [
        "nonsense\r\n\r\n", "GET / HTTP/2\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n", "GET x HTTP/1.1\r\n\r\n",
        "G@T / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nNo colon\r\n\r\n", "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: x\r\n\r\n", "GET / HTTP/1.1\r\n: x\r\n\r\n",
    ])
    func `what is not HTTP/1.1 is refused`(_ text: String) { #expect(fault(text) == .malformed) }

    @Test(arguments: ["Host", "Origin", "Content-Length", "Transfer-Encoding"])
    func `what decides who is let in, or where a request ends, is said once`(_ name: String) {
        #expect(fault("GET / HTTP/1.1\r\n\(name): 1\r\n\(name.lowercased()): 1\r\n\r\n") == .malformed)
    }

    @Test func `a head is at most 16 KiB long, whether it ends or not`() {
        let long = String(repeating: "x", count: HTTPHead.longest)
        #expect(fault("GET / HTTP/1.1\r\nX: \(long)\r\n\r\n") == .headTooLong)
        #expect(fault("GET / HTTP/1.1\r\nX: \(long)") == .headTooLong)
    }

    @Test func `no head whatever is read twice or traps`() throws {
        var random = SystemRandomNumberGenerator()
        let seed = random.next()
        var state = seed
        for _ in 0..<2000 {
            let bytes = (0..<40).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Array("GET / HTP1.\r\n:x ".utf8)[Int(state >> 33) % 16]
            }
            let length = (try? HTTPHead.read(bytes))?.length ?? 0
            #expect(length <= bytes.count, "seed \(seed)")
        }
    }

    @Test func `a body's length is a plain number, no more than is taken, and said by whoever posts`() throws {
        func length(_ method: String, _ fields: [String: String]) throws(HTTPFault) -> Int {
            try HTTPHead.bodyLength(HTTPRequest(method: method, target: "/", fields: fields), most: 100)
        }
        #expect(try length("GET", [:]) == 0)
        #expect(try length("POST", ["content-length": "100"]) == 100)
        #expect(throws: HTTPFault.noLength) { try length("POST", [:]) }
        #expect(throws: HTTPFault.noLength) {
            try length("POST", ["transfer-encoding": "chunked", "content-length": "1"])
        }
        #expect(throws: HTTPFault.bodyTooLong) { try length("POST", ["content-length": "101"]) }
        #expect(throws: HTTPFault.bodyTooLong) { try length("POST", ["content-length": "99999999999999999999"]) }
        for text in ["-1", "+1", "0x1", "", "1 2"] {
            #expect(throws: HTTPFault.malformed) { try length("POST", ["content-length": text]) }
        }
    }
}
