import SourceText

extension LiveInterface {
    /// The interface as an OpenAPI 3.1 document.
    static let description: JSONValue = [
        "openapi": "3.1.0",
        "info": [
            "title": "numazones serve", "version": "1",
            "description": "One machine's page allocator. The addresses begin with the token that the program printed.",
        ],
        "paths": [
            "/api/state": ["get": operation("The machine's zones, and what of them is free")],
            "/api/snapshot": ["get": operation("The machine's whole state, a SOURCE for any verb")],
            "/api/requests": [
                "post": operation(
                    "Makes a request, or the same one many times until one is refused",
                    body: [
                        "type": "object", "required": ["mask"], "additionalProperties": false,
                        "properties": [
                            "mask": ["type": "string", "examples": ["GFP_KERNEL"]],
                            "order": number(0, 63), "cpu": number(0, Int(UInt32.max)),
                            "count": number(1, LiveOperation.mostAtOnce),
                        ],
                    ])
            ],
            "/api/frees": [
                "post": operation(
                    "Gives the blocks handed out last back",
                    body: [
                        "type": "object", "additionalProperties": false,
                        "properties": ["count": number(1, LiveOperation.mostAtOnce)],
                    ])
            ],
            "/api/settings": [
                "post": operation(
                    "Writes a sysctl",
                    body: [
                        "type": "object", "required": ["name", "value"], "additionalProperties": false,
                        "properties": [
                            "name": ["type": "string", "examples": ["vm.min_free_kbytes"]],
                            "value": ["type": ["string", "integer"]],
                        ],
                    ])
            ],
            "/api/drains": ["post": operation("Gives all per-CPU lists back to the free lists", body: nothing)],
            "/api/undo": ["post": operation("Takes the last operation back", body: nothing)],
            "/api/explanations": [
                "post": operation(
                    "Explains a kernel log", body: ["type": "string"], bodyType: "text/plain",
                    answer: ["type": "object", "required": ["text"], "properties": ["text": ["type": "string"]]])
            ],
        ],
    ]

    private static let nothing: JSONValue = ["type": "object", "additionalProperties": false]

    private static func number(_ least: Int, _ most: Int) -> JSONValue {
        ["type": "integer", "minimum": JSONValue(least), "maximum": JSONValue(most)]
    }

    private static func operation(
        _ summary: String, body: JSONValue? = nil, bodyType: String = "application/json",
        answer: JSONValue = ["type": "object"]
    ) -> JSONValue {
        let problem: JSONValue = [
            "description": "It was not done, and why",
            "content": [
                "application/json": [
                    "schema": [
                        "type": "object", "required": ["problem"], "properties": ["problem": ["type": "string"]],
                    ]
                ]
            ],
        ]
        var object: JSONObject = [
            "summary": JSONValue(summary),
            "responses": [
                "200": ["description": "Done", "content": ["application/json": ["schema": answer]]],
                "400": problem, "403": problem, "413": problem,
            ],
        ]
        if let body {
            object["requestBody"] = [
                "required": true, "content": JSONValue(JSONObject([(bodyType, ["schema": body])])),
            ]
        }
        return JSONValue(object)
    }
}
