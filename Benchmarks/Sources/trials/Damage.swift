import ArgumentParser
import Foundation
import LogTrials

/// Each log damaged in some of the twenty ways: it must be told as the whole log is, or not at all.
struct Damage: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Explain logs damaged in up to twenty ways.")

    @Argument(help: "Folders of logs (.log and .txt, without .boot.log).") var folders: [String]
    @Option(help: "Ways for each log; which ones, goes round.") var ways = LogDamage.allCases.count
    @Option(help: "Decides which line is lost and where a log is cut.") var seed: UInt64 = 0

    func run() throws {
        let files = folders.flatMap(Self.logs)
        guard !files.isEmpty else { throw ValidationError("no logs in \(folders.joined(separator: ", "))") }
        let all = LogDamage.allCases
        var trial = DamageTrial()
        for (index, file) in files.enumerated() {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
            let log = DamageTrial.Log(String(decoding: bytes, as: UTF8.self), named: file)
            for turn in 0..<min(max(0, ways), all.count) {
                trial.run(log, all[(index + turn) % all.count], seed: seed &+ UInt64(index * 64 + turn))
            }
        }
        print(
            "damage: \(files.count) logs, \(ways) ways, seed \(seed): \(trial.alike) told alike, \(trial.untold) "
                + "\"cannot be determined\", \(trial.misses.count) another cause")
        for miss in trial.misses { print("damage: \(miss)") }
        guard trial.misses.isEmpty, trial.alike > trial.untold else { throw ExitCode.failure }
    }

    private static func logs(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { ($0.hasSuffix(".log") || $0.hasSuffix(".txt")) && !$0.hasSuffix(".boot.log") }
            .sorted().map { "\(folder)/\($0)" }
    }
}
