/// Amounts of memory in words.
enum Amount {
    /// "512 KiB", "1.5 GiB".
    static func text(bytes: Int) -> String { text(kibibytes: bytes / 1024) }

    static func text(kibibytes: Int) -> String {
        let units = ["KiB", "MiB", "GiB", "TiB"]
        var value = Double(max(0, kibibytes))
        var unit = 0
        while value >= 1024 * 10, unit + 1 < units.count {
            value /= 1024
            unit += 1
        }
        let rounded = value.rounded()
        return "\(Int(rounded)) \(units[unit])"
    }
}
