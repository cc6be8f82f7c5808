import OperatingSystem

extension SourceCheck {
    /// What to write of a folder that is not a machine but has descriptions of some; nil: it has none.
    static func advice(on folder: String) -> String? {
        let names = (try? FileSystem.names(in: folder)) ?? []
        let endings = names.filter { !$0.hasSuffix(".schema.json") }.compactMap { name in
            [".json", ".json5"].first { name.hasSuffix($0) }
        }
        guard !endings.isEmpty else { return nil }
        let start = folder.hasSuffix("/") ? folder : folder + "/"
        let patterns = Set(endings).sorted().map { "\(start)*\($0)" }.joined(separator: " ")
        return "is a folder and no saved /proc and /sys; to check the "
            + "\(endings.count == 1 ? "file" : "\(endings.count) files") in it, write numazones check \(patterns)"
    }
}
