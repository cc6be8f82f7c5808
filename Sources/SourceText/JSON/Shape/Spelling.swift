/// Suggests what a misspelt word was meant to be.
package enum Spelling {
    /// `, did you mean "X"?` for the closest candidate, or nothing if none is close.
    package static func suggestion(for word: String, among candidates: some Sequence<String>) -> String {
        let folded = fold(word)
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let distance = distance(folded, fold(candidate))
            if distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        guard let best, best.distance <= max(1, folded.count / 3) else { return "" }
        return ", did you mean \"\(best.name)\"?"
    }

    /// A word without differences in case and separators.
    private static func fold(_ word: String) -> [Character] {
        word.lowercased().prefix(64).filter { $0 != "_" && $0 != "-" && $0 != " " }
    }

    /// Insertions, deletions, replacements and swaps of adjacent letters (optimal string alignment).
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var before: [Int] = []
        var last = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                var best = min(row[j] + 1, last[j + 1] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    best = min(best, before[j - 1] + 1)
                }
                row.append(best)
            }
            before = last
            last = row
        }
        return last[right.count]
    }
}
