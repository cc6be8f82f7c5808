/// Whether text is coloured, as the user wants it.
public enum ColorChoice: String, CaseIterable, Hashable, Sendable {
    /// On a terminal, unless the environment says otherwise.
    case auto
    case always, never

    /// Whether to colour.
    ///
    /// `NO_COLOR` (no-color.org) forbids it; `CLICOLOR_FORCE` and `FORCE_COLOR` ask for it in a pipe too, unless they are 0;
    /// `CLICOLOR=0` and `TERM=dumb` do without. An option given on the command line wins over all of them.
    ///
    /// - Parameters:
    ///   - environment: Its variables by name.
    ///   - isTerminal: Whether the text goes to one.
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
