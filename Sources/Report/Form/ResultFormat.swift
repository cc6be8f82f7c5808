/// The formats of the JSON in which results are printed. Each has a JSON Schema in `Documentation/Schemas`; a change of
/// its contents requires a new number.
public enum ResultFormat: String, CaseIterable, Hashable, Sendable {
    case machine = "numazones-show/1"
    case check = "numazones-check/1"
    case gfp = "numazones-gfp/1"
    case allocation = "numazones-alloc/1"
    case explanation = "numazones-explain/1"
    case forecast = "numazones-forecast/1"
    case run = "numazones-run/1"
    case comparison = "numazones-compare/1"
    case variants = "numazones-compare-variants/1"
    case sweep = "numazones-sweep/1"
    case tuning = "numazones-tune/3"
    case headroom = "numazones-headroom/2"
    case distribution = "numazones-age-like/1"
    case recipes = "numazones-age-recipes/1"
    case verification = "numazones-verify/1"
    case liveVerification = "numazones-verify-live/1"
    case replay = "numazones-replay/1"
    case conversion = "numazones-convert/1"
    case ageing = "numazones-age/1"
    case profiles = "numazones-profiles/2"

    /// The name of its schema's file.
    public var schemaName: String { rawValue.replacing("/", with: "-") + ".schema.json" }
}
