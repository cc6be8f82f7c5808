import ArgumentParser
import OperatingSystem
import Report
import SourceText
import Topology

/// Runs a verb and turns its result into text and an exit code.
enum Program {
    /// Runs the program.
    ///
    /// - Returns: The exit code: 0 success, 1 an expectation failed, 2 wrong usage or input, 130 interrupted by Ctrl-C.
    static func run(_ arguments: [String]) -> Int32 {
        Signals.ignoreBrokenPipes()
        // Handled first: ArgumentParser needs as much time to find by reflection that no verb is given as everything
        // else at a start.
        if arguments == ["--version"] {
            Output.write(ResultOrigin.programVersion + "\n")
            return 0
        }
        if let sentence = misspeltVerb(in: arguments) {
            Output.complain(sentence)
            return 2
        }
        do {
            var command = try command(for: arguments)
            try command.run()
            return 0
        } catch let error as OutputError where error.isReaderGone {
            // Like a reader of standard output that goes away (`| head`).
            return 0
        } catch let code as ExitCode {
            return code.rawValue
        } catch {
            guard Tool.exitCode(for: error) != .success else {
                Output.write(Tool.fullMessage(for: error) + "\n")
                return 0
            }
            Output.complain(sentence(for: error))
            return 2
        }
    }

    /// The command for the arguments.
    ///
    /// The verb's own arguments are parsed first, which takes a fifth less time than parsing with the whole program.
    /// Only if that fails are all arguments parsed, because errors and help concern the program.
    private static func command(for arguments: [String]) throws -> any ParsableCommand {
        let verb = Tool.configuration.subcommands.first { $0.configuration.commandName == arguments.first }
        if let verb, let command = try? verb.parse(Array(arguments.dropFirst())) { return command }
        return try Tool.parseAsRoot(arguments)
    }

    private static func sentence(for error: any Error) -> String {
        var sentence = Tool.message(for: error)
        // The sentences of ArgumentParser begin with a capital; these follow the program's name.
        for opening in ["Unknown option", "Missing expected", "Missing value", "Unexpected argument", "The value "]
        where sentence.hasPrefix(opening) {
            sentence = sentence.prefix(1).lowercased() + sentence.dropFirst()
            if sentence.hasSuffix(".") { sentence.removeLast() }
            if sentence.hasSuffix("?") || sentence.mentions("Please provide") { break }
            sentence += "; numazones --help and numazones VERB --help list verbs and options"
            break
        }
        return sentence
    }

    private static func misspeltVerb(in arguments: [String]) -> String? {
        // `help` is followed by the verb that help is requested for.
        let asked = arguments.first == "help" ? arguments.dropFirst().first : arguments.first
        guard let verb = asked, !verb.hasPrefix("-") else { return nil }
        let verbs = Tool.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard !verbs.contains(verb) else { return nil }
        let suggestion = Spelling.suggestion(for: verb, among: verbs)
        return "there is no verb \"\(verb)\""
            + (suggestion.isEmpty ? "; the verbs are \(verbs.joined(separator: ", "))" : suggestion)
    }
}

/// An error in the user's request, as a sentence.
struct ToolError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }

    /// The error that a log does not have the report that `--nth` names.
    init(noReport nth: Int, of count: Int) {
        let has = count == 0 ? "no reports" : count == 1 ? "1 report" : "\(count) reports"
        self.init("--nth \(nth): the log has \(has)")
    }
}
