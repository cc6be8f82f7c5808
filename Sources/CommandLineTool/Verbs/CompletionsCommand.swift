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
        let shell: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        Output.write(Tool.completionScript(for: shell) + "\n")
    }
}
