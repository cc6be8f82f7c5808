import ArgumentParser
import MachineSources
import PageAllocator
import Report
import Scenarios
import SourceText

extension AgeCommand {
    /// The requested recipes; empty: none.
    func recipes() throws(ToolError) -> [FragmentationRecipe] {
        guard let recipe else { return [] }
        if recipe == "all" {
            guard out == nil else { throw ToolError("--out writes one state: name one recipe") }
            return FragmentationRecipe.all
        }
        if let found = FragmentationRecipe.named(recipe) { return [found] }
        let names = FragmentationRecipe.all.map(\.name)
        let suggestion = Spelling.suggestion(for: recipe, among: names)
        throw ToolError(
            "--recipe \(recipe): there is no such recipe"
                + (suggestion.isEmpty ? "; there are \(names.joined(separator: ", ")), and all" : suggestion))
    }

    /// Follows each recipe on a fresh machine.
    func follow(_ recipes: [FragmentationRecipe]) throws {
        let loaded = try machine.load(words: source)
        Output.introduce(loaded)
        var file = try FileOutput.create(out)
        Interruption.watch()
        var made: [(recipe: FragmentationRecipe, outcome: FragmentationRecipe.Outcome)] = []
        for recipe in recipes {
            var machine = try loaded.machine()
            try Self.checkSize(of: machine, named: loaded.name, brokenUpBy: "page")
            let outcome = recipe.make(on: &machine) { !Interruption.isRequested }
            made.append((recipe, outcome))
            guard !outcome.isInterrupted else { break }
            try file?.write(machine.snapshot().bytes(forFile: out ?? ""))
        }
        let isInterrupted = made.contains(where: \.outcome.isInterrupted)
        if !isInterrupted { try file?.finish() }
        guard out != "-" || isInterrupted else { return }
        let report = RecipeReport(made, machine: loaded.name)
        output.write(.recipes, machine.origin(source, loaded), json: report.json) {
            table.csv ? report.csv : report.text($0)
        }
        if isInterrupted { throw ExitCode.interrupted }
    }
}
