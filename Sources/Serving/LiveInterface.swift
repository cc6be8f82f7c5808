import KernelLog
import PageAllocator
import Report
import SourceText
import Topology

/// The interface over HTTP, without HTTP: which address does what. ``description`` says the same as OpenAPI.
struct LiveInterface: Sendable {
    let session: LiveSession

    /// Bytes of a body: a log may be long.
    static let longestBody = 4 << 20

    /// - `path`: Behind the token.
    func answer(_ method: String, _ path: String, body: [UInt8]) async -> LiveAnswer {
        do {
            switch (method, path) {
            case ("GET", ""): return LiveAnswer(type: "text/html; charset=utf-8", text: await session.page())
            case ("GET", "api/openapi.json"): return .json(Self.description)
            case ("GET", "api/state"): return .json(await session.state())
            case ("GET", "api/snapshot"): return .json(await session.snapshot())
            case ("POST", "api/requests"):
                return try await request(LiveBody(body, keys: ["mask", "order", "cpu", "count"]))
            case ("POST", "api/frees"):
                let count = try LiveBody(body, keys: ["count"]).number("count", 1...LiveOperation.mostAtOnce) ?? 1
                try await session.perform(.free(count: count))
            case ("POST", "api/settings"):
                let body = try LiveBody(body, keys: ["name", "value"])
                let change = try SettingChange("\(body.text("name") ?? "")=\(body.text("value") ?? "")")
                try await session.perform(.set(change))
            case ("POST", "api/drains"):
                _ = try LiveBody(body, keys: [])
                try await session.perform(.drain)
            case ("POST", "api/undo"):
                _ = try LiveBody(body, keys: [])
                try await session.undo()
            case ("POST", "api/explanations"): return try explain(body)
            default:
                let isKnown = Self.paths.contains(path)
                return .problem(
                    isKnown ? .wrongMethod : .notFound,
                    isKnown ? "\(method) is not for this address" : "there is nothing at this address")
            }
            return .done
        } catch {
            return .problem(.badRequest, "\(error)")
        }
    }

    private static let paths: Set<String> = [
        "", "api/openapi.json", "api/state", "api/snapshot", "api/requests", "api/frees", "api/settings", "api/drains",
        "api/undo", "api/explanations",
    ]

    private func request(_ body: LiveBody) async throws -> LiveAnswer {
        guard let mask = try body.text("mask") else { throw LiveProblem("\"mask\" is missing, as in GFP_KERNEL") }
        let request = try await session.request(
            mask, order: body.number("order", 0...63) ?? 0, cpu: body.number("cpu", 0...Int(UInt32.max)))
        let count = try body.number("count", 1...LiveOperation.mostAtOnce) ?? 1
        try await session.perform(.request(request, count: count))
        return .done
    }

    /// A pasted log, explained as `explain` does it.
    private func explain(_ body: [UInt8]) throws -> LiveAnswer {
        var stream = ByteStream(name: "the log", bytes: body)
        var limits = ReportFile.Limits()
        limits.reports = 8
        let file = try ReportFile(&stream, limits: limits)
        guard let log = ExplainedLog(file) else {
            throw LiveProblem("the log has no report of failed memory; paste the part around the failure")
        }
        return .json(["text": JSONValue(VisibleText.of(log.text()))])
    }
}
