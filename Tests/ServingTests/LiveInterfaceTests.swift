import Foundation
import SourceText
import TestSupport
import Testing

@testable import Serving

/// The interface says what is wrong by its status, and is what its document says.
@Suite struct LiveInterfaceTests {
    @Test(arguments: [
        ("[]", 400), ("{", 400), ("", 400), (#"{"mask": 5}"#, 400), (#"{"order": 1}"#, 400),
        (#"{"mask": "GFP_KERNEL", "order": 64}"#, 400), (#"{"mask": "GFP_KERNEL", "count": 1001}"#, 400),
        (#"{"mask": "GFP_KERNEL", "count": 0}"#, 400), (#"{"mask": "GFP_KERNEL", "cpu": -1}"#, 400),
        (#"{"mask": "GFP_KERNEL", "more": 1}"#, 400), (#"{"mask": "GFP_KERNEL", "mask": "GFP_ATOMIC"}"#, 400),
        (#"{"mask": "GFP_NOTHING"}"#, 422), (#"{"mask": "GFP_KERNEL", "cpu": 77}"#, 422),
        (#"{"mask": "GFP_KERNEL", "policy": "--membind 9"}"#, 422),
        (#"{"mask": "GFP_KERNEL", "policy": "--what"}"#, 422),
    ])
    func `a request that cannot be made is refused with a sentence`(_ body: String, _ status: Int) throws {
        let visitor = try Visitor()
        let before = visitor.state
        let (answered, answer) = try visitor.ask("POST", "api/requests", body)
        #expect(answered == status, "\(body): \(answer.text(pretty: false))")
        #expect(answer["problem"]?.string?.isEmpty == false)
        #expect(visitor.state == before)
    }

    @Test func `an address has one method, and no other address is known`() throws {
        let visitor = try Visitor()
        for address in LiveAddress.allCases where address != .page && address != .savedPage {
            let other = address.method == "GET" ? "POST" : "GET"
            #expect(try visitor.ask(other, address.rawValue).status == 405)
        }
        #expect(try visitor.ask("GET", "api/none").status == 404)
    }

    @Test func `what comes back says nothing of markup, whatever was sent`() throws {
        let visitor = try Visitor()
        let hostile = "</script><script>\u{202E}"
        let (_, answer) = try visitor.ask("POST", "api/choice", "{\"name\": \"\(hostile)\"}")
        #expect(answer["problem"]?.string?.contains("\u{202E}") == false)
    }

    @Test func `headroom of a small machine is told`() throws {
        let (status, answer) = try Visitor().ask("GET", "api/headroom")
        #expect(status == 200)
        #expect(answer["text"]?.string?.contains("GFP_KERNEL") == true)
    }

    private static let file = SharedMaterial.packageRoot.appendingPathComponent(
        "Documentation/Formats/serve.openapi.json")

    @Test func `the document in Documentation is the one that the program serves`() throws {
        let served = LiveAddress.openAPI.text() + "\n"
        if ProcessInfo.processInfo.environment["NUMAZONES_RECORD_SNAPSHOTS"] == "1" {
            try served.write(to: Self.file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: Self.file, encoding: .utf8) == served)
    }

    @Test func `each address is described, with its method and every status that it may answer`() throws {
        let paths = try #require(LiveAddress.openAPI["paths"]?.object)
        #expect(paths.keys.count == LiveAddress.allCases.count)
        for address in LiveAddress.allCases {
            let operation = try #require(paths["/" + address.rawValue]?[address.method.lowercased()])
            for status in [200, 400, 403, 404, 405, 409, 411, 413, 422, 431] {
                #expect(operation["responses"]?["\(status)"] != nil, "\(address.rawValue): \(status)")
            }
        }
    }
}
