import ArgumentParser
import Foundation
import NUMAZones

/// Measures reading and replaying traces. CPU time is told, so that other work on the machine matters less.
@main
struct Traces: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "traces", abstract: "Measure reading and replaying traces.",
        subcommands: [Measure.self, Generate.self, Read.self, Play.self])
}

struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Write a generated trace in the binary form.")

    @Argument var events: Int
    @Argument var file: String
    @Flag(help: "Do not compress.") var stored = false

    func run() throws {
        let bytes = try Self.write(events, to: file, stored ? .stored : .compressed)
        print("\(events) events, \(bytes) bytes")
    }

    @discardableResult
    static func write(_ events: Int, to file: String, _ packing: BinaryTrace.Packing) throws -> Int {
        var generator = TraceGenerator(seed: 1)
        var writer = try BinaryTraceWriter.create(file, packing: packing)
        var left = events
        while left > 0 {
            let batch = generator.batch(min(left, 8192))
            try writer.write(batch, vocabulary: TraceGenerator.vocabulary)
            left -= batch.count
        }
        try writer.finish()
        return writer.bytes
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

    static func makeReplay() throws -> Replay {
        let memory = PageFrame(rawValue: 0)..<PageFrame(rawValue: 16 << 18)
        return try Replay(on: .topology(Topology(nodes: [Topology.Node(id: 0, cpus: [0, 1], memory: [memory])])))
    }

    func run() throws {
        var replay = try Self.makeReplay()
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

func millions(_ count: Int, _ seconds: Double) -> Double { (Double(count) / seconds / 1e5).rounded() / 10 }

func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
