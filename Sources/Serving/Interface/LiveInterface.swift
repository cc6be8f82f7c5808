import KernelLog
import PageAllocator
import Report
import SourceText
import Topology

/// The meaning of each address, independent of HTTP; ``LiveAddress`` lists them.
struct LiveInterface {
    let session: LiveSession

    /// The largest number of bytes in a body: a log or a machine may be long.
    static let longestBody = 4 << 20

    /// Answers one request.
    ///
    /// - Parameters:
    ///   - method: The HTTP method, in capitals.
    ///   - path: The path after the token and its slash.
    ///   - body: The complete body.
    func answer(_ method: String, _ path: String, body: [UInt8]) -> HTTPAnswer {
        guard let address = LiveAddress(rawValue: path) else {
            return .problem(.notFound, "there is nothing at this address")
        }
        guard method == address.method else {
            var answer = HTTPAnswer.problem(.wrongMethod, "\(address.method) is the method of this address")
            answer.allowed = [address.method]
            return answer
        }
        do {
            return try answer(address, body: body)
        } catch let problem as LiveProblem {
            return .problem(problem.kind == .form ? .badRequest : .conflict, problem.description)
        } catch {
            // The form is right but the content is invalid: an unknown mask, policy or machine.
            return .problem(.notUnderstood, "\(error)")
        }
    }

    private func answer(_ address: LiveAddress, body: [UInt8]) throws -> HTTPAnswer {
        switch address {
        case .page: return .page(session.page(isLive: true))
        case .savedPage: return .page(session.page(isLive: false))
        case .document: return .json(LiveAddress.openAPI)
        case .state: return .json(session.state())
        case .snapshot: return .json(session.snapshot())
        case .scenario: return .json(session.scenario())
        case .headroom: return .json(try session.headroom())
        case .requests: try request(LiveBody(body, keys: ["mask", "order", "cpu", "count", "policy"]))
        case .frees:
            let count = try LiveBody(body, keys: ["count"]).number("count", 1...LiveOperation.mostAtOnce) ?? 1
            try session.perform(.free(count: count))
        case .settings: try session.perform(.set(setting(body)))
        case .rival: try session.perform(.rival(setting(body)))
        case .drains:
            _ = try LiveBody(body, keys: [])
            try session.perform(.drain)
        case .undo:
            _ = try LiveBody(body, keys: [])
            try session.undo()
        case .choice:
            guard let name = try LiveBody(body, keys: ["name"]).text("name") else {
                throw LiveProblem(.form, "\"name\" is missing")
            }
            try session.choose(name)
        case .machine: try session.drop(body)
        case .reading:
            _ = try LiveBody(body, keys: [])
            try session.readAgain()
        case .explanations: return try explain(body)
        }
        return .done
    }

    private func request(_ body: LiveBody) throws {
        guard let mask = try body.text("mask") else {
            throw LiveProblem(.form, "\"mask\" is missing, as in GFP_KERNEL")
        }
        try session.perform(
            session.request(
                mask, order: body.number("order", 0...63) ?? 0, cpu: body.number("cpu", 0...Int(UInt32.max)),
                policy: body.text("policy") ?? "", count: body.number("count", 1...LiveOperation.mostAtOnce) ?? 1))
    }

    private func setting(_ body: [UInt8]) throws -> SettingChange {
        try LiveBody(body, keys: ["name", "value"]).setting()
    }

    /// Explains a pasted log in the same way as the verb `explain`.
    private func explain(_ body: [UInt8]) throws -> HTTPAnswer {
        var limits = ReportFile.Limits()
        limits.reports = 8
        guard let log = ExplainedLog(ReportFile(SourceFile(name: "the log", bytes: body), limits: limits)) else {
            throw LiveProblem(.state, "the log has no report of failed memory; paste the part around the failure")
        }
        return .json(["text": JSONValue(VisibleText.of(log.text()))])
    }
}
