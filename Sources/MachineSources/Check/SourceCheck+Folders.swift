import OperatingSystem

extension SourceCheck {
    /// What to write instead of a folder that is not a machine but contains descriptions of some; nil if it contains
    /// none.
    static func advice(on folder: String) -> String? {
        let endings = MachineDescriptions.names(in: folder).compactMap { name in
            MachineDescriptions.endings.first { name.hasSuffix($0) }
        }
        guard !endings.isEmpty else { return nil }
        let start = folder.hasSuffix("/") ? folder : folder + "/"
        let patterns = Set(endings).sorted().map { "\(start)*\($0)" }.joined(separator: " ")
        return "is a folder and no saved /proc and /sys; to check the "
            + "\(endings.count == 1 ? "file" : "\(endings.count) files") in it, write numazones check \(patterns)"
    }
}

/// Descriptions of machines, recognised by their names.
public enum MachineDescriptions {
    static let endings = [".json", ".json5"]

    /// The names in a folder, sorted, except schemas, which describe no machine. Empty if it cannot be read.
    public static func names(in folder: String) -> [String] {
        let names = (try? FileSystem.names(in: folder)) ?? []
        return names.filter { name in
            !name.hasSuffix(".schema.json") && endings.contains { name.hasSuffix($0) }
        }
    }
}
