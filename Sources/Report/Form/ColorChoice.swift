/// The user's choice whether text is coloured.
public enum ColorChoice: String, CaseIterable, Hashable, Sendable {
    /// Coloured on a terminal, unless the environment says otherwise.
    case auto
    case always, never

    /// Whether to colour text.
    ///
    /// `NO_COLOR` (no-color.org) forbids it; `CLICOLOR_FORCE` and `FORCE_COLOR`, unless they are 0, ask for it in pipes
    /// too; `CLICOLOR=0` and `TERM=dumb` turn it off. An option on the command line overrides them all.
    ///
    /// - Parameters:
    ///   - environment: Returns the value of an environment variable.
    ///   - isTerminal: Whether the text goes to a terminal.
    public func usesColor(environment: (String) -> String?, isTerminal: Bool) -> Bool {
        func isOn(_ name: String) -> Bool {
            let value = environment(name) ?? ""
            return !value.isEmpty && value != "0" && value != "false"
        }
        switch self {
        case .always: return true
        case .never: return false
        case .auto:
            if !(environment("NO_COLOR") ?? "").isEmpty { return false }
            if isOn("CLICOLOR_FORCE") || isOn("FORCE_COLOR") { return true }
            return isTerminal && environment("TERM") != "dumb" && environment("CLICOLOR") != "0"
        }
    }
}
