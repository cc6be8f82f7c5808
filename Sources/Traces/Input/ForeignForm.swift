/// What a source without any event looks like, so that the user can see the mistake.
enum ForeignForm: Hashable, Sendable {
    case empty, binary, json, markup, kernelLog, procfs
    /// A tracer's text or our own binary form, but without the page allocator's events.
    case trace
    case text

    /// Determines the form from the first bytes, after decompression.
    init(_ head: [UInt8]) {
        let text = String(decoding: head.prefix(4096), as: UTF8.self)
        let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        if head.contains(0) {
            self = .binary
        } else if start.isEmpty {
            self = .empty
        } else if text.contains("# tracer:") || text.contains("cpus=") && text.contains(": ") {
            self = .trace
        } else if ["{", "[{", "//", "/*"].contains(where: start.hasPrefix) {
            self = .json
        } else if start.hasPrefix("<") {
            self = start.dropFirst().first?.isNumber == true ? .kernelLog : .markup
        } else if start.hasPrefix("["), start.dropFirst().first(where: { $0 != " " })?.isNumber == true {
            self = .kernelLog
        } else if start.hasPrefix("Node 0, zone") || start.hasPrefix("MemTotal:") || start.hasPrefix("Page block order")
        {
            self = .procfs
        } else {
            self = .text
        }
    }

    /// The sentence after "FILE: ".
    var sentence: String {
        switch self {
        case .empty: "is empty; \(Self.wanted)"
        case .binary: "is binary data, not a trace; \(Self.wanted)"
        case .json: "is JSON, no trace; \(Self.wanted)"
        case .markup: "is HTML or XML, no trace; \(Self.wanted)"
        case .kernelLog: "looks like a kernel log, for which there is numazones explain; \(Self.wanted)"
        case .procfs: "is a file of /proc, for which there is numazones show; \(Self.wanted)"
        case .trace:
            "is a trace without the page allocator's events; turn them on with trace-cmd record -e kmem:mm_page_alloc -e "
                + "kmem:mm_page_free"
        case .text: "is text without any event of the page allocator; \(Self.wanted)"
        }
    }

    private static var wanted: String { "a trace has lines like \"mm_page_alloc: page=... pfn=... order=0\"" }
}
