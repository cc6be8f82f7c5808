import ArgumentParser
import Foundation
import NUMAZones

/// Measures reading and replaying traces. CPU time is told, so that other work on the machine matters less.
@main
struct Traces: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "traces", abstract: "Measure reading and replaying traces.",
        subcommands: [Generate.self, Read.self, Play.self])
}

struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Write a generated trace in the binary form.")

    @Argument var events: Int
    @Argument var file: String
    @Flag(help: "Do not compress.") var stored = false

    func run() throws {
        var generator = TraceGenerator(seed: 1)
        var writer = try BinaryTraceWriter.create(file, packing: stored ? .stored : .compressed)
        var left = events
        while left > 0 {
            let batch = generator.batch(min(left, 8192))
            try writer.write(batch, vocabulary: TraceGenerator.vocabulary)
            left -= batch.count
        }
        try writer.finish()
        print("\(writer.events) events, \(writer.bytes) bytes")
    }
}

struct Read: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Read a trace and do nothing with it.")

    @Argument var file: String

    func run() throws {
        let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
        var input = try TraceInput.open(file)
        var batch: [TraceEvent] = []
        var events = 0
        let begin = cpuSeconds()
        while try input.read(into: &batch) { events += batch.count }
        let seconds = cpuSeconds() - begin
        print(
            "\(events) events, \(Int(Double(size) / seconds / 1e6)) MB/s, \(millions(events, seconds)) million events/s"
        )
    }
}

struct Play: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Replay a trace on a machine of one node.")

    @Argument var file: String

    func run() throws {
        let memory = PageFrame(rawValue: 0)..<PageFrame(rawValue: 16 << 18)
        let topology = Topology(nodes: [Topology.Node(id: 0, cpus: [0, 1], memory: [memory])])
        var replay = try Replay(on: .topology(topology))
        var input = try TraceInput.open(file)
        let begin = cpuSeconds()
        try replay.run(&input)
        let seconds = cpuSeconds() - begin
        var usage = rusage()
        getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        print(
            "\(replay.result.events) events, \(millions(replay.result.events, seconds)) million/s, "
                + "\(replay.result.served) served, \(usage.ru_maxrss / 1024) MiB at most")
    }
}

private func millions(_ count: Int, _ seconds: Double) -> Double { (Double(count) / seconds / 1e5).rounded() / 10 }

private func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
