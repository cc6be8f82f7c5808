import PageAllocator
import SourceText

extension RuleBlame {
    /// The rules that explain a difference, in words.
    ///
    /// - Parameters:
    ///   - style: How the text is marked up.
    ///   - differs: Whether there is a difference to explain.
    func text(_ style: TextStyle, differs: Bool) -> String {
        guard !causes.isEmpty else {
            return "\n"
                + style.wrap(
                    differs
                        ? "No rule makes the difference: it lies in what the kernels' masks or settings mean."
                        : "Both runs end the same way: no rule makes a difference here.")
        }
        let keys = causes.map(\.rule.key).joined(separator: ", ")
        var text = "\n" + style.wrap("The difference is made by \(keys) of \(to.name)", role: .heading)
        for cause in causes {
            let words = RuleWords.of(cause.rule)
            text += style.wrap(
                "\(cause.rule.key) (\(cause.rule.functions)): \(words.title.lowercasedFirst): "
                    + "\(words.sentence(cause.rule.value(in: to))); in \(from.name): "
                    + "\(words.sentence(cause.rule.value(in: from))). Without it "
                    + "\(Int((cause.share * 100).rounded())) % of the difference is left.",
                indent: 2, hanging: 2)
        }
        return text
    }

    var json: JSONValue {
        [
            "trials": .init(trials),
            "rules": .init(
                causes.map { cause in
                    [
                        "key": .init(cause.rule.key), "functions": .init(cause.rule.functions),
                        "from": cause.rule.value(in: from).json, "to": cause.rule.value(in: to).json,
                        "sentence": .init(RuleWords.of(cause.rule).sentence(cause.rule.value(in: to))),
                        "share": .init((cause.share * 1000).rounded() / 1000),
                    ]
                }),
        ]
    }
}
