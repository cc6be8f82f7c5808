/// Puts the errors of one file into its text, each behind a switch: errors in the same place as one chain of choices.
struct Planting {
    private struct Place {
        var range: Range<String.Index>
        var isStatement: Bool
        var choices: [(number: Int, new: String)]
    }

    private let text: String
    private let file: String
    private var places: [Place] = []

    init(_ text: String, file: String) {
        self.text = text
        self.file = file
    }

    /// - Throws: ``PlantingError`` if the old text is not there, or there twice, or crosses another error's.
    mutating func add(_ error: PlantedError, number: Int) throws {
        var rest = text[...]
        if !error.behind.isEmpty {
            guard let found = rest.firstRange(of: error.behind) else {
                throw PlantingError("[\(error.id)] \(file) has no \"\(error.behind)\"")
            }
            rest = text[found.upperBound...]
        }
        guard let range = rest.firstRange(of: error.old) else {
            throw PlantingError("[\(error.id)] \(file) has no \"\(error.old)\"")
        }
        if error.behind.isEmpty, text[range.upperBound...].firstRange(of: error.old) != nil {
            throw PlantingError("[\(error.id)] \(file) has \"\(error.old)\" twice: say behind what (@)")
        }
        if let same = places.firstIndex(where: { $0.range == range && $0.isStatement == error.isStatement }) {
            places[same].choices.append((number, error.new))
            return
        }
        guard !places.contains(where: { $0.range.overlaps(range) }) else {
            throw PlantingError("[\(error.id)] overlaps another error in \(file): give both the same old text")
        }
        places.append(Place(range: range, isStatement: error.isStatement, choices: [(number, error.new)]))
    }

    /// The file with all errors in it, none of them switched on.
    var result: String {
        var result = text
        for place in places.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
            let old = text[place.range]
            var changed: String
            if place.isStatement {
                changed = place.choices.map { "if mutant(\($0.number)) { \($0.new) } else " }.joined() + "{ \(old) }"
            } else {
                changed = "(" + place.choices.map { "mutant(\($0.number)) ? (\($0.new)) : " }.joined() + "(\(old)))"
            }
            // Earlier places keep their indices: later ones are changed first.
            result.replaceSubrange(place.range, with: changed)
        }
        return result
    }

    /// A file of each module with errors: which of them is switched on.
    static let switchboard = """
        #if canImport(Glibc)
            import Glibc
        #elseif canImport(Musl)
            import Musl
        #elseif canImport(Darwin)
            import Darwin
        #endif

        @usableFromInline
        let plantedError: Int = getenv("NUMAZONES_MUTANT").map { Int(atoi($0)) } ?? 0

        @usableFromInline
        func mutant(_ number: Int) -> Bool { plantedError == number }

        """
}
