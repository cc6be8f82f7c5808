import SourceText

extension LiveAddress {
    /// All addresses as an OpenAPI 3.1 document.
    static var openAPI: JSONValue {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "numazones serve", "version": "1",
                "description": "One machine's page allocator. Addresses begin with the token that the program printed.",
            ],
            "paths": JSONValue(
                JSONObject(
                    allCases.map { address in
                        (
                            "/" + address.rawValue,
                            JSONValue(JSONObject([(address.method.lowercased(), address.operation)]))
                        )
                    })),
        ]
    }

    private var summary: String {
        switch self {
        case .page: "The page with its controls"
        case .savedPage: "The page without controls, to be kept as a file"
        case .document: "This document"
        case .state: "The machine's zones with their free memory"
        case .snapshot: "The machine's whole state, a SOURCE for any verb"
        case .scenario: "The session as a scenario, which run plays with the same results"
        case .headroom: "How many more requests of each kind each node would serve"
        case .requests: "Makes a request, or the same one many times until one is refused"
        case .frees: "Frees the blocks allocated last"
        case .settings: "Writes a sysctl"
        case .rival: "Repeats everything on a second machine that differs in one setting from the start"
        case .drains: "Returns all per-CPU lists to the free lists"
        case .undo: "Undoes the last operation"
        case .choice: "Starts over with one of the offered machines"
        case .machine: "Starts over with a machine that is sent as any text that the program reads as a SOURCE"
        case .reading: "Reads the running machine again"
        case .explanations: "Explains a kernel log"
        }
    }

    /// The type and schema of the request's body; nil: it has none.
    private var body: (type: String, schema: JSONValue)? {
        let json = "application/json"
        let text: JSONValue = ["type": "string"]
        switch self {
        case .page, .savedPage, .document, .state, .snapshot, .scenario, .headroom: return nil
        case .drains, .undo, .reading: return (json, Self.object([:], needed: []))
        case .frees: return (json, Self.object(["count": Self.number(1, LiveOperation.mostAtOnce)], needed: []))
        case .settings, .rival: return (json, Self.object(["name": text, "value": text], needed: ["name", "value"]))
        case .choice: return (json, Self.object(["name": text], needed: ["name"]))
        case .machine: return ("application/octet-stream", text)
        case .explanations: return ("text/plain", text)
        case .requests:
            let properties: JSONObject = [
                "mask": ["type": "string", "examples": ["GFP_KERNEL"]], "order": Self.number(0, 63),
                "cpu": Self.number(0, Int(UInt32.max)), "count": Self.number(1, LiveOperation.mostAtOnce),
                "policy": ["type": "string", "examples": ["--membind 0"]],
            ]
            return (json, Self.object(properties, needed: ["mask"]))
        }
    }

    /// The type and schema of a successful answer.
    private var answer: (type: String, schema: JSONValue) {
        let json = "application/json"
        switch self {
        case .page, .savedPage: return ("text/html", ["type": "string"])
        case .document, .state, .snapshot, .scenario: return (json, ["type": "object"])
        case .headroom:
            return (
                json,
                [
                    "type": "object", "required": ["text", "headroom"],
                    "properties": ["text": ["type": "string"], "headroom": ["type": "object"]],
                ]
            )
        case .explanations:
            return (json, ["type": "object", "required": ["text"], "properties": ["text": ["type": "string"]]])
        case .requests, .frees, .settings, .rival, .drains, .undo, .choice, .machine, .reading:
            return (json, ["type": "object", "required": ["done"], "properties": ["done": ["const": true]]])
        }
    }

    private var operation: JSONValue {
        let (type, schema) = answer
        var responses: JSONObject = [
            "200": ["description": "Done", "content": Self.content(type, schema)]
        ]
        for status in Self.refusals { responses["\(status.rawValue)"] = Self.problem(status) }
        var object: JSONObject = ["summary": JSONValue(summary), "responses": JSONValue(responses)]
        if let (type, schema) = body {
            let asked: JSONValue = ["required": true, "content": Self.content(type, schema)]
            object["requestBody"] = asked
        }
        return JSONValue(object)
    }

    private static func content(_ type: String, _ schema: JSONValue) -> JSONValue {
        let form: JSONValue = ["schema": schema]
        return JSONValue(JSONObject([(type, form)]))
    }

    /// Status codes that any address may return.
    private static let refusals: [HTTPAnswer.Status] = [
        .badRequest, .forbidden, .notFound, .wrongMethod, .conflict, .noLength, .tooLarge, .notUnderstood,
        .headTooLarge,
    ]

    private static func problem(_ status: HTTPAnswer.Status) -> JSONValue {
        let schema: JSONValue = [
            "type": "object", "required": ["problem"], "properties": ["problem": ["type": "string"]],
        ]
        return [
            "description": JSONValue("\(status.phrase): the sentence says why"),
            "content": ["application/json": ["schema": schema]],
        ]
    }

    private static func object(_ properties: JSONObject, needed: [String]) -> JSONValue {
        [
            "type": "object", "additionalProperties": false, "properties": JSONValue(properties),
            "required": JSONValue(needed.map { JSONValue($0) }),
        ]
    }

    private static func number(_ least: Int, _ most: Int) -> JSONValue {
        ["type": "integer", "minimum": JSONValue(least), "maximum": JSONValue(most)]
    }
}
