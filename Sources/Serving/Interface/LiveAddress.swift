/// The addresses, as the paths after the token.
enum LiveAddress: String, CaseIterable {
    case page = ""
    case savedPage = "api/page"
    case document = "api/openapi.json"
    case state = "api/state"
    case snapshot = "api/snapshot"
    case scenario = "api/scenario"
    case headroom = "api/headroom"
    case requests = "api/requests"
    case frees = "api/frees"
    case settings = "api/settings"
    case rival = "api/rival"
    case drains = "api/drains"
    case undo = "api/undo"
    case choice = "api/choice"
    case machine = "api/machine"
    case reading = "api/reading"
    case explanations = "api/explanations"

    /// The HTTP method: GET for addresses that only read, POST for those that change something or receive data.
    var method: String {
        switch self {
        case .page, .savedPage, .document, .state, .snapshot, .scenario, .headroom: "GET"
        case .requests, .frees, .settings, .rival, .drains, .undo, .choice, .machine, .reading, .explanations: "POST"
        }
    }
}
