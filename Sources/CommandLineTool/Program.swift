import ArgumentParser
import OperatingSystem
import Report
import SourceText
import Topology

/// Runs the verb that was asked for, and turns whatever comes back into text and an exit code.
enum Program {
    /// 0 fine, 1 an expectation failed, 2 bad usage or input, 130 interrupted by Ctrl-C.
    static func run(_ arguments: [String]) -> Int32 {
        Signals.ignoreBrokenPipes()
        // Said at once: finding out by reflection that no verb is asked for takes as long as all else of a start.
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
            // As when a reader of standard output goes away (`| head`).
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

    /// What the arguments ask for.
    ///
    /// First as the verb's own, which takes a fifth less than by way of the whole program. Only where that fails are all
    /// arguments read: a mistake, or a question for help, is about the program.
    private static func command(for arguments: [String]) throws -> any ParsableCommand {
        let verb = Tool.configuration.subcommands.first { $0.configuration.commandName == arguments.first }
        if let verb, let command = try? verb.parse(Array(arguments.dropFirst())) { return command }
        return try Tool.parseAsRoot(arguments)
    }

    private static func sentence(for error: any Error) -> String {
        var sentence = Tool.message(for: error)
        // ArgumentParser's own sentences begin with a capital; these follow the program's name.
        for opening in ["Unknown option", "Missing expected", "Missing value", "Unexpected argument", "The value "]
        where sentence.hasPrefix(opening) {
            sentence = sentence.prefix(1).lowercased() + sentence.dropFirst()
            if sentence.hasSuffix(".") { sentence.removeLast() }
            if sentence.hasSuffix("?") || sentence.mentions("Please provide") { break }
            sentence += "; numazones --help and numazones VERB --help list what there is"
            break
        }
        return sentence
    }

    private static func misspeltVerb(in arguments: [String]) -> String? {
        // What help is asked for is a verb too.
        let asked = arguments.first == "help" ? arguments.dropFirst().first : arguments.first
        guard let verb = asked, !verb.hasPrefix("-") else { return nil }
        let verbs = Tool.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard !verbs.contains(verb) else { return nil }
        let suggestion = Spelling.suggestion(for: verb, among: verbs)
        return "there is no verb \"\(verb)\""
            + (suggestion.isEmpty ? "; the verbs are \(verbs.joined(separator: ", "))" : suggestion)
    }
}

/// A mistake in what was asked, in one sentence.
struct ToolError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }

    /// A log does not have the report that `--nth` names.
    init(noReport nth: Int, of count: Int) {
        let has = count == 0 ? "no reports" : count == 1 ? "1 report" : "\(count) reports"
        self.init("--nth \(nth): the log has \(has)")
    }
}
