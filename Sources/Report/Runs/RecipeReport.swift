import Scenarios
import SourceText

/// The results of following fragmentation recipes from the literature on a machine.
public struct RecipeReport: Sendable {
    /// The recipes with their results.
    public var made: [(recipe: FragmentationRecipe, outcome: FragmentationRecipe.Outcome)]
    /// The machine's name.
    public var machine: String

    /// Creates a report from its parts.
    public init(
        _ made: [(recipe: FragmentationRecipe, outcome: FragmentationRecipe.Outcome)], machine: String
    ) {
        self.made = made
        self.machine = machine
    }

    private static let orders = [1, 3, 5, 9]

    /// The report for people.
    public func text(_ style: TextStyle = .plain) -> String {
        var table = TextTable(
            [.left("recipe"), .right("in use"), .right("held")]
                + Self.orders.map { .right("order \($0)") } + [.right("free now"), .right("compacted")])
        for (recipe, outcome) in made {
            let indices = Self.orders.map { order -> TextTable.Cell in
                outcome.unusableIndex.indices.contains(order)
                    ? .init(ReplayReport.percent(outcome.unusableIndex[order])) : ""
            }
            table.add(
                [.init(recipe.name), .init(ReplayReport.percent(outcome.occupancy)), .init(outcome.pagesHeld)] + indices
                    + [
                        .init(share(outcome.freePageblocks, outcome)),
                        .init(share(outcome.pageblocks - outcome.pinnedPageblocks, outcome)),
                    ])
        }
        var text = style.apply(.heading, "\(machine): what recipes make of it") + "\n" + table.text(style)
        text += style.wrap(
            "held: pages; order n: how much of what is free is in smaller blocks; free now: pageblocks; compacted: those that "
                + "compaction can empty at best, with room for what is in them.", indent: 2)
        for (recipe, _) in made { text += style.wrap("\(recipe.name): \(recipe.source)", indent: 2) }
        if made.contains(where: \.outcome.isInterrupted) {
            text += style.wrap("Interrupted: nothing was written.", role: .bad)
        }
        return text
    }

    private func share(_ pageblocks: Int, _ outcome: FragmentationRecipe.Outcome) -> String {
        ReplayReport.percent(outcome.pageblocks == 0 ? 0 : Double(pageblocks) / Double(outcome.pageblocks))
    }

    /// A row for each recipe. Shares are from 0 to 1.
    public var csv: String {
        var table = CommaTable(
            ["recipe", "occupancy", "pagesHeld"] + Self.orders.map { "unusableIndex\($0)" }
                + ["pageblocks", "freePageblocks", "pinnedPageblocks"])
        for (recipe, outcome) in made {
            let indices = Self.orders.map { order in
                outcome.unusableIndex.indices.contains(order) ? "\(outcome.unusableIndex[order])" : ""
            }
            table.add(
                [recipe.name, "\(outcome.occupancy)", "\(outcome.pagesHeld)"] + indices
                    + ["\(outcome.pageblocks)", "\(outcome.freePageblocks)", "\(outcome.pinnedPageblocks)"])
        }
        return table.text
    }

    /// The report for programs.
    public var json: JSONValue {
        [
            "machine": .init(machine), "complete": .init(!made.contains(where: \.outcome.isInterrupted)),
            "recipes": .init(
                made.map { recipe, outcome -> JSONValue in
                    [
                        "name": .init(recipe.name), "source": .init(recipe.source),
                        "request": .init("\(recipe.gfp)"), "order": .init(recipe.order.rawValue),
                        "blocks": .init(outcome.blocks), "pagesHeld": .init(outcome.pagesHeld),
                        "occupancy": .init(outcome.occupancy),
                        "unusableIndex": .init(outcome.unusableIndex.map { JSONValue($0) }),
                        "pageblocks": .init(outcome.pageblocks), "freePageblocks": .init(outcome.freePageblocks),
                        "pinnedPageblocks": .init(outcome.pinnedPageblocks),
                    ]
                }),
        ]
    }
}
