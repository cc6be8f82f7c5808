import ArgumentParser

struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions", abstract: "Print a script that completes verbs and options in a shell.",
        discussion: """
            EXAMPLES
              numazones completions bash > ~/.local/share/bash-completion/completions/numazones
              numazones completions zsh > ~/.zfunc/_numazones
              numazones completions fish > ~/.config/fish/completions/numazones.fish
            """)

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish
    }

    func run() {
        let script = Tool.completionScript(for: shell.library)
        Output.write(shell.offeringVerbs(Self.verbs, afterHelpIn: script) + "\n")
    }

    private static let verbs = Tool.configuration.subcommands.compactMap { $0.configuration.commandName }
}

extension CompletionsCommand.Shell {
    fileprivate var library: CompletionShell {
        switch self {
        case .bash: .bash
        case .zsh: .zsh
        case .fish: .fish
        }
    }

    /// The script with verbs offered after `help`: the command `help` of ArgumentParser declares no values for its
    /// arguments, so its scripts offer none.
    fileprivate func offeringVerbs(_ verbs: [String], afterHelpIn script: String) -> String {
        let words = verbs.joined(separator: " ")
        switch self {
        case .bash:
            let lines = verbs.joined(separator: "\\n")
            return script + "\n\n_numazones_help() {\n    __numazones_add_completions -W $'\(lines)'\n}"
        case .zsh:
            return script.replacing("'*:subcommands:'", with: "'*:subcommands:(\(words))'")
        case .fish:
            return script + "\ncomplete -c 'numazones' -n '__numazones_should_offer_completions_for_positional "
                + "\"numazones help\" -eq 1' -fa '\(words)'"
        }
    }
}
