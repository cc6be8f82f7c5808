import Foundation
import MachineSources

/// Writes machines in every form, reads them back, and compares all that the form states.
public struct RoundTripTrial: Sendable {
    /// Machines written, and forms that they were written in and read back from.
    public private(set) var machines = 0
    public private(set) var trips = 0
    /// What was not the same although the form states it, a line each.
    public private(set) var changes: [String] = []
    /// Forms that cannot hold a machine, and sources that are no machine: a line each.
    public private(set) var refusals: [String] = []

    public init() {}

    /// - Parameters:
    ///   - path: a source of any kind.
    ///   - options: what its reader is told besides, as the kernel.
    public mutating func run(_ path: String, options: SourceOptions = SourceOptions()) {
        do {
            let before = try MachineSource.path(path).load(options)
            let built = try before.machine()
            machines += 1
            let values = MachineFact.allCases.map { $0.value(in: before, built) }
            for format in ExportFormat.all { run(before, values, format, Self.name(of: path)) }
        } catch {
            refusals.append("\(Self.name(of: path)): \(error)")
        }
    }

    private mutating func run(_ before: SourcedMachine, _ values: [String], _ format: ExportFormat, _ name: String) {
        let exported: Exported
        do {
            exported = try before.exported(to: format)
        } catch {
            refusals.append("\(format.name): \(error)")
            return
        }
        do {
            let after = try Self.read(exported, format)
            let built = try after.machine()
            trips += 1
            for (fact, value) in zip(MachineFact.allCases, values) {
                let other = fact.value(in: after, built)
                if other != value, format.states.contains(fact), !exported.unstated.contains(fact) {
                    changes.append(
                        "\(format.name), \(name): \(fact.rawValue): \(value.prefix(200)) became \(other.prefix(200))")
                }
            }
        } catch {
            changes.append("\(format.name), \(name): is not read back: \(error)")
        }
    }

    private static func read(_ exported: Exported, _ format: ExportFormat) throws -> SourcedMachine {
        switch exported.content {
        case .text(let text) where format.name == "synthetic":
            return try MachineSource.synthetic(text).load()
        case .text(let text): return try MachineSource.bytes(Array(text.utf8), name: "exported").load()
        case .bytes(let bytes): return try MachineSource.bytes(bytes, name: "exported").load()
        case .files(let files):
            let folder = try TemporaryFolder()
            for (path, text) in files { try folder.write(text, to: path) }
            return try MachineSource.path(folder.path).load()
        }
    }

    static func name(of path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }
}

/// A folder that goes with the value.
final class TemporaryFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("numazones-\(UUID().uuidString)")
        path = url.path
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to file: String) throws {
        let url = URL(fileURLWithPath: path).appendingPathComponent(file)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }
}
