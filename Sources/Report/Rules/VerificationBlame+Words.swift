import PageAllocator
import Recordings
import SourceText

extension VerificationReport {
    /// What explains each recording that differs, as the tables in Documentation/Kernels/Blame.md. Recordings that
    /// match exactly are counted below the table.
    public var blameTable: String {
        var text = "| recording | by the rules of | differs at operation | explained by | mixtures tried |\n"
        text += "|---|---|---|---|---|\n"
        for entry in entries {
            guard case .differs(let difference) = entry.result.outcome else { continue }
            let result = entry.result
            text += "| \(result.name) | \(result.rules.profile) | \(difference.operation) of \(result.total) | "
            if let blame = entry.blame {
                let keys = blame.causes.map { "`\($0.rule.key)`" }.joined(separator: ", ")
                text += "\(keys) of \(blame.to.name) | \(blame.trials) |\n"
            } else {
                text += "no known kernel's rules | |\n"
            }
        }
        return text + "\nExact by these rules as well: \(exactCount) of \(entries.count).\n"
    }
}

extension VerificationBlame {
    func text(_ style: TextStyle) -> String {
        let keys = causes.map(\.rule.key).joined(separator: ", ")
        var text = style.wrap("explained by \(keys) of \(to.name)", indent: 2, hanging: 2, role: .heading)
        for cause in causes {
            let words = RuleWords.of(cause.rule)
            let percent = Int((cause.share(of: total) * 100).rounded())
            text += style.wrap(
                "\(cause.rule.key) (\(cause.rule.functions)): \(words.title.lowercasedFirst): "
                    + "\(words.sentence(cause.rule.value(in: to))); in \(from.name): "
                    + "\(words.sentence(cause.rule.value(in: from))). Without it \(percent) % of the recording is lost.",
                indent: 4, hanging: 2)
        }
        return text
    }

    var json: JSONValue {
        [
            "profile": .init(to.name), "trials": .init(trials),
            "rules": .init(
                causes.map { cause in
                    [
                        "key": .init(cause.rule.key), "functions": .init(cause.rule.functions),
                        "from": cause.rule.value(in: from).json, "to": cause.rule.value(in: to).json,
                        "sentence": .init(RuleWords.of(cause.rule).sentence(cause.rule.value(in: to))),
                        "operationsWithout": .init(cause.operationsWithout),
                        "operationsAlone": cause.operationsAlone.map { .init($0) } ?? nil,
                        "share": .init((cause.share(of: total) * 1000).rounded() / 1000),
                    ]
                }),
        ]
    }
}

extension String {
    /// A title within a sentence; names from the kernel keep their capitals.
    var lowercasedFirst: String {
        guard let first, let second = dropFirst().first, second.isLowercase || second == " " else { return self }
        return first.lowercased() + dropFirst()
    }
}
