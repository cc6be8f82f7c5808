/// Finds what was meant by a misspelt word.
package enum Spelling {
    /// `, did you mean "X"?` for the nearest candidate, or nothing if none is near.
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

    /// Case and separators are slips of the pen.
    private static func fold(_ word: String) -> [Character] {
        word.lowercased().prefix(64).filter { $0 != "_" && $0 != "-" && $0 != " " }
    }

    /// Levenshtein's: insertions, deletions and replacements.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let next = min(row[j] + 1, row[j + 1] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = row[j + 1]
                row[j + 1] = next
            }
        }
        return row[right.count]
    }
}
