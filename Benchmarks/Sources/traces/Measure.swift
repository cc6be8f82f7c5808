import ArgumentParser
import Foundation
import NUMAZones

/// Everything in one run, each with its comparator or target beside it.
struct Measure: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reading text against a regex engine, replaying, and memory over a long trace.")

    @Option(help: "Lines of text to read.") var lines = 1_000_000
    @Option(help: "Events to replay.") var events = 20_000_000
    @Option(help: "Events of the long trace; 0 leaves it out.") var long = 100_000_000
    @Option(help: "Rounds; the median is told.") var rounds = 3

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("numazones-traces-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        print("load \(loadAverage()) on \(ProcessInfo.processInfo.activeProcessorCount) CPUs; CPU time of this process")
        try measureText(folder.appendingPathComponent("text").path)
        for packing in [BinaryTrace.Packing.stored, .compressed] {
            try measureReplay(folder.appendingPathComponent("trace").path, packing)
        }
        if long > 0 { try measureMemory(folder.appendingPathComponent("trace").path) }
        print("load \(loadAverage()) at the end")
    }

    private func measureText(_ path: String) throws {
        try TraceText.write(lines, to: path)
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        var read = 0
        let own = try median {
            var input = try TraceInput.open(path)
            var batch: [TraceEvent] = []
            read = 0
            while try input.read(into: &batch) { read += batch.count }
        }
        var regex = 0
        let other = try median(of: 1) {
            var parser = RegexParser()
            parser.read(path)
            regex = parser.events
        }
        guard read == lines, regex == lines else {
            throw ValidationError("\(read) and \(regex) of \(lines) lines read")
        }
        report(
            "reading text", "\(rate(size, own)) MB/s",
            "target 300; regexec \(rate(size, other)), 1/\(ratio(other, own))")
    }

    private func measureReplay(_ path: String, _ packing: BinaryTrace.Packing) throws {
        try Generate.write(events, to: path, packing)
        var played = 0
        let seconds = try median {
            var replay = try Play.makeReplay()
            var input = try TraceInput.open(path)
            try replay.run(&input)
            played = replay.result.events
        }
        guard played == events else { throw ValidationError("\(played) of \(events) events replayed") }
        let target = packing == .stored ? "target 20" : ""
        report("replaying, \(packing)", "\(millions(events, seconds)) million/s", target)
    }

    private func measureMemory(_ path: String) throws {
        let before = Self.highWater()
        try Generate.write(long, to: path, .compressed)
        var replay = try Play.makeReplay()
        var input = try TraceInput.open(path)
        try replay.run(&input)
        let after = Self.highWater()
        report("\(replay.result.events) events", "\(after) MiB at most", "\(before) MiB after \(events)")
    }

    private func report(_ what: String, _ amount: String, _ beside: String) {
        print(
            what.padding(toLength: 28, withPad: " ", startingAt: 0)
                + amount.padding(toLength: 22, withPad: " ", startingAt: 0) + beside)
    }

    /// CPU seconds.
    private func median(of rounds: Int? = nil, _ body: () throws -> Void) throws -> Double {
        var times: [Double] = []
        for _ in 0..<(rounds ?? self.rounds) {
            let begin = cpuSeconds()
            try body()
            times.append(cpuSeconds() - begin)
        }
        return times.sorted()[times.count / 2]
    }

    private func rate(_ bytes: Int, _ seconds: Double) -> Int { Int(Double(bytes) / seconds / 1e6) }

    private func ratio(_ one: Double, _ other: Double) -> Int { Int((one / other).rounded()) }

    private func loadAverage() -> String {
        var load = [0.0]
        getloadavg(&load, 1)
        return "\((load[0] * 10).rounded() / 10)"
    }

    private static func highWater() -> Int {
        var usage = rusage()
        getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss / 1024
    }
}

/// ftrace's text of a generated load.
enum TraceText {
    static func write(_ lines: Int, to path: String) throws {
        var generator = TraceGenerator(seed: 1)
        guard let file = fopen(path, "w") else { throw ValidationError("\(path) cannot be written") }
        defer { fclose(file) }
        var left = lines
        while left > 0 {
            let batch = generator.batch(min(left, 8192))
            left -= batch.count
            var text = ""
            for event in batch {
                let micros = String(1_000_000 + event.time / 1000 % 1_000_000).dropFirst()
                text += "           tar-1234    [00\(event.cpu)] .....  \(event.time / 1_000_000_000).\(micros): "
                let block = "page=0000000067ac9ee0 pfn=0x\(String(event.frame, radix: 16)) order=0"
                if event.kind == .free {
                    text += "mm_page_free: \(block)\n"
                } else {
                    let mask = TraceGenerator.vocabulary.masks[Int(event.detail)].text
                    text += "mm_page_alloc: \(block) migratetype=1 gfp_flags=\(mask)\n"
                }
            }
            fputs(text, file)
        }
    }
}
