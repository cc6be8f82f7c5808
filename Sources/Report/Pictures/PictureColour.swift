/// The colours of pictures, each in a light and a dark shade: a picture follows the colour scheme of its viewer. No
/// colour is the only carrier of a meaning; names, letters or dashes go with it.
enum PictureColour: String, CaseIterable {
    case ground, ink, quiet, line, used, free, freeLine, other, min, low, high, reserve, good, bad, awake

    var light: String {
        switch self {
        case .ground: "#ffffff"
        case .ink: "#1a1a1a"
        case .quiet: "#4a4f59"
        case .line: "#d5d9e0"
        case .used: "#dfe2e8"
        case .free: "#5b8def"
        case .freeLine: "#2457b8"
        case .other: "#c9b458"
        case .min: "#b3261e"
        case .low: "#9a5b00"
        case .high: "#1b6e3c"
        case .reserve: "#7a3fb0"
        case .good: "#1b6e3c"
        case .bad: "#a02020"
        case .awake: "#8a4fd0"
        }
    }

    var dark: String {
        switch self {
        case .ground: "#14161a"
        case .ink: "#eceef2"
        case .quiet: "#a8b0bd"
        case .line: "#3a404b"
        case .used: "#343943"
        case .free: "#3f68b8"
        case .freeLine: "#9cc0ff"
        case .other: "#8a7a2e"
        case .min: "#ff9e94"
        case .low: "#f0b45a"
        case .high: "#7fd39a"
        case .reserve: "#c49bff"
        case .good: "#7fd39a"
        case .bad: "#ff9e94"
        case .awake: "#c49bff"
        }
    }

    /// Style rules for viewers with a dark colour scheme. They are part of a picture in a file of its own, and of the
    /// style sheet of a page with pictures.
    static let darkRules =
        "@media screen and (prefers-color-scheme: dark) { "
        + allCases.map { ".f-\($0.rawValue) { fill: \($0.dark); } .s-\($0.rawValue) { stroke: \($0.dark); }" }
        .joined(separator: " ") + " }"
}
