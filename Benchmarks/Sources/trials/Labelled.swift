import ArgumentParser
import Foundation
import LogTrials

/// Logs of shortages that our own machines are brought into, each with its cause, over eras, families and seeds.
struct Labelled: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Explain, or write, logs with a known cause.")

    @Option(help: "Logs of each cause.") var count: UInt64 = 84
    @Option(help: "The first seed.") var seed: UInt64 = 0
    @Option(help: "A folder to write the logs to, named by cause, kernel and seed.") var write: String?

    func run() throws {
        var trial = LabelledTrial()
        for truth in HeldOutCase.causes {
            for turn in 0..<count {
                let log = try trial.run(truth, seed: seed &+ turn)
                if let write {
                    let name = "\(write)/\(truth.rawValue)-\(log.release)-\(seed &+ turn).log"
                    try log.text.write(toFile: name, atomically: false, encoding: .utf8)
                }
            }
        }
        let all = trial.right + trial.misses.count
        print("labelled: \(all) logs from seed \(seed): \(trial.right) told rightly")
        for miss in trial.misses { print("labelled: \(miss)") }
        // One in a hundred may be told otherwise.
        guard trial.misses.count * 100 <= all else { throw ExitCode.failure }
    }
}
