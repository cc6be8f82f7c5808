/// Reads a mask: names, numbers, `|`, `&`, `~`, parentheses, with C's precedence.
struct GFPExpression {
    /// Deeper than anything sensible, shallow enough for any stack.
    static let deepestNesting = 100

    private let expression: String
    private let layout: GFPLayout
    private let tokens: [GFPToken]
    private var position = 0
    private var depth = 0

    init(_ expression: String, layout: GFPLayout) throws(GFPParseError) {
        self.expression = expression
        self.layout = layout
        tokens = try GFPToken.tokens(of: expression)
    }

    mutating func evaluate() throws(GFPParseError) -> GFPFlags {
        if next.kind == .end {
            throw failure("nothing here; write flags such as GFP_KERNEL|__GFP_NOWARN, or 0 for none")
        }
        let flags = try union()
        switch next.kind {
        case .end: return flags
        case .close: throw failure("this ) closes nothing")
        default: throw failure("| or & is missing before \(next.text)")
        }
    }

    private var next: GFPToken { tokens[position] }

    private func failure(_ reason: String) -> GFPParseError {
        GFPParseError(expression: expression, column: next.column, reason: reason)
    }

    /// Steps over the next word if it is `kind`; never past the end.
    private mutating func accept(_ kind: GFPToken.Kind) -> Bool {
        guard next.kind == kind, kind != .end else { return false }
        position += 1
        return true
    }

    private mutating func union() throws(GFPParseError) -> GFPFlags {
        var flags = try intersection()
        while accept(.or) { flags.formUnion(try intersection()) }
        return flags
    }

    private mutating func intersection() throws(GFPParseError) -> GFPFlags {
        var flags = try operand()
        while accept(.and) { flags.formIntersection(try operand()) }
        return flags
    }

    private mutating func operand() throws(GFPParseError) -> GFPFlags {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepestNesting else {
            throw failure("more than \(Self.deepestNesting) levels of ( and ~")
        }
        switch next.kind {
        case .name: return try named()
        case .number(let value): return try number(value)
        case .not:
            position += 1
            return layout.everyFlag.subtracting(try operand())
        case .open:
            let opening = next
            position += 1
            let flags = try union()
            guard accept(.close) else {
                throw next.kind == .end
                    ? GFPParseError(expression: expression, column: opening.column, reason: "this ( is not closed")
                    : failure("| or & is missing before \(next.text)")
            }
            return flags
        case .or, .and, .close, .end:
            throw failure("a flag, a number, ~ or ( is missing before \(next.text)")
        }
    }

    private mutating func number(_ value: UInt64) throws(GFPParseError) -> GFPFlags {
        let (flags, unknown) = layout.flags(fromKernelValue: value)
        guard unknown == 0 else {
            let bits = "0x" + String(unknown, radix: 16)
            let place = unknown == value ? "" : " in \(next.text)"
            throw failure("\(bits)\(place) is not a flag of this layout (\(layout.source))")
        }
        position += 1
        return flags
    }

    private mutating func named() throws(GFPParseError) -> GFPFlags {
        let name = next.text
        guard let flags = layout.flags(named: name) else {
            throw failure(layout.reasonForMissing(name))
        }
        position += 1
        return flags
    }
}

extension GFPFlags {
    /// Reads an expression such as `GFP_KERNEL | __GFP_NOWARN`, `GFP_KERNEL & ~__GFP_FS`, `0xcc0`, or what a kernel
    /// printed: `GFP_KERNEL|__GFP_COMP|0x8000000`.
    ///
    /// Names and numbers are those of `layout`; `~` is within its flags. `none`, which traces print for an empty mask,
    /// is accepted. The words that a log or a trace puts around a mask may stay: `mode:0x40cc0(GFP_KERNEL|__GFP_COMP)`,
    /// `gfp_mask=0x201da`; number and names must then agree.
    public init(parsing expression: String, layout: GFPLayout) throws(GFPParseError) {
        if let mask = GFPLogMask(expression), mask.number == nil || mask.names != nil || expression.hasLabel {
            self = try mask.flags(expression, in: layout)
            return
        }
        var expression = try GFPExpression(expression, layout: layout)
        self = try expression.evaluate()
    }
}

extension String {
    /// Whether words before the mask say what it is, as in a log.
    fileprivate var hasLabel: Bool { contains("=") || contains(":") }
}
