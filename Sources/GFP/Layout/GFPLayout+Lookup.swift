extension GFPLayout {
    /// Every flag that an expression may name.
    var everyFlag: GFPFlags { flags.union(zeroFlags) }

    /// A composite, a flag, or a name that the kernel only prints; nil if this kernel has none of that name.
    public func flags(named name: String) -> GFPFlags? {
        if let composite = composite(named: name) { return composite }
        if let flag = GFPFlags.named.first(where: { $0.name == name })?.flag {
            return everyFlag.contains(flag) ? flag : nil
        }
        switch name {
        case "none": return []
        case "__GFP_RECLAIM" where flags.isSuperset(of: .reclaim): return .reclaim
        default: return printTable.first { $0.name == name }?.flags
        }
    }

    /// Every name that ``flags(named:)`` knows, composites first.
    public var names: [String] {
        let single = GFPFlags.named.filter { everyFlag.contains($0.flag) }.map(\.name)
        return compositeNames + single + (flags.isSuperset(of: .reclaim) ? ["__GFP_RECLAIM"] : [])
    }

    /// Why `name` is not in this layout, for a person who typed it.
    func reasonForMissing(_ name: String) -> String {
        let holders = Self.all.filter { $0.flags(named: name) != nil }
        if let first = holders.first, let last = holders.last {
            let since = "from \(first.covers.lowerBound)"
            let until = last.covers.upperBound.major == .max ? "" : " to before \(last.covers.upperBound)"
            return "\(name) is not in this layout (\(source)); it exists \(since)\(until)"
        }
        let suggestion = closestName(to: name).map { "; did you mean \($0)?" } ?? ""
        return "no flag is called \(name)\(suggestion)"
    }

    /// The name that `text` was probably meant to be, ignoring prefixes and case and allowing for a few wrong letters.
    private func closestName(to text: String) -> String? {
        guard text.count <= 64 else { return nil }
        let wanted = stem(text)
        let candidates = names.map { (name: $0, distance: editDistance(stem($0), wanted)) }
        guard let best = candidates.min(by: { $0.distance < $1.distance }),
            best.distance <= max(1, wanted.count / 3)
        else { return nil }
        return best.name
    }

    private func stem(_ name: String) -> [Character] {
        let upper = name.uppercased()
        let bare = upper.drop { $0 == "_" }
        return Array(bare.hasPrefix("GFP_") ? bare.dropFirst(4) : bare)
    }

    /// The fewest insertions, deletions and replacements that turn one word into the other.
    private func editDistance(_ from: [Character], _ to: [Character]) -> Int {
        var previous = Array(0...to.count)
        for (row, letter) in from.enumerated() {
            var current = [row + 1]
            for (column, other) in to.enumerated() {
                let replaced = previous[column] + (letter == other ? 0 : 1)
                current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[to.count]
    }
}
