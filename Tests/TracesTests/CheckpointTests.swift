import Foundation
import PageAllocator
import SourceText
import TestSupport
import Testing
import Topology
import Traces

@testable import Traces

/// A replay interrupted and resumed later gives the result of one that never was.
@Suite struct CheckpointTests {
    struct Form: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var bytes: @Sendable ([TraceEvent]) throws -> [UInt8]
    }

    static let forms: [Form] = [
        Form(testDescription: "text", bytes: TraceMaker.text),
        Form(testDescription: "compressed text", bytes: { Gzip.compress(TraceMaker.text($0)) }),
        Form(testDescription: "binary", bytes: { try TraceMaker.file($0) }),
        Form(testDescription: "stored binary, compressed as a whole") {
            Gzip.compress(try TraceMaker.file($0, packing: .stored))
        },
    ]

    /// A trace in a file, and a place for the checkpoint.
    final class Files {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("checkpoint-\(UUID().uuidString)")
        var trace: String { folder.appendingPathComponent("trace").path }
        var checkpoint: String { folder.appendingPathComponent("checkpoint").path }

        init(_ bytes: [UInt8]) throws {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(bytes).write(to: URL(fileURLWithPath: trace))
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        /// Replays some batches, from the checkpoint if there is one, and saves it unless the trace has ended.
        func replay(_ options: ReplayOptions, batches: Int = .max) throws -> ReplayResult {
            var input = try TraceInput.open(trace)
            var replay = try Replay(on: .topology(TraceMaker.topology), options: options)
            let checkpoint = try ReplayCheckpoint(checkpoint, of: input, replay: replay)
            if checkpoint.exists { try checkpoint.resume(&replay, &input) }
            var left = batches
            try replay.run(&input) { replay, input throws(TraceError) in
                left -= 1
                guard left <= 0 else { return true }
                try checkpoint.save(replay, input)
                return false
            }
            try replay.machine.checkInvariants()
            return replay.result
        }
    }

    static let load = (try? events(26_000, seed: 21)) ?? []

    /// Damaged, so that all is in play: lost frees, unknown frames, other CPUs, silent allocations, lines cut short.
    static func events(_ count: Int, seed: UInt64) throws -> [TraceEvent] {
        var generator = SeededGenerator(seed: seed)
        let events = try TraceMaker.make(events: count, seed: seed, fullness: 0.9)
        return [TraceEvent(.mark, time: 1, detail: 0)]
            + events.filter { $0.kind != .allocation || generator.next() % 60 != 0 }.map { event in
                var event = event
                switch generator.next() % 200 {
                case 0: event.frame = generator.next() >> (generator.next() % 40 + 20)
                case 1: event.cpu = UInt32(generator.next() % 50)
                case 2: event.kind = [.free, .taken, .drain].randomElement(using: &generator) ?? .free
                default: break
                }
                return event
            }
    }

    @Test(arguments: forms, [ReplayOptions.Mode.free, .lockstep])
    func `interrupted after every batch, a replay ends as if it had not been`(
        form: Form, mode: ReplayOptions.Mode
    ) throws {
        let files = try Files(form.bytes(Self.load))
        var whole = try files.replay(ReplayOptions(mode: mode))
        #expect(!whole.isPartial)
        var rounds = 0
        var parts = try files.replay(ReplayOptions(mode: mode), batches: 1)
        while parts.isPartial, rounds < 100 {
            rounds += 1
            parts = try files.replay(ReplayOptions(mode: mode), batches: rounds % 2 + 1)
        }
        #expect(rounds >= 1)
        whole.seconds = 0
        parts.seconds = 0
        #expect(parts == whole)
        #expect(whole.requests > 7_000 && whole.skipped(.freeWithoutAllocation) > 50)
    }

    @Test func `a checkpoint is not taken for another trace, machine or way of replaying`() throws {
        let bytes = try TraceMaker.file(Array(Self.load.prefix(20_000)))
        let files = try Files(bytes)
        _ = try files.replay(ReplayOptions(), batches: 1)
        func message(_ options: ReplayOptions) -> String {
            let error = #expect(throws: TraceError.self) { try files.replay(options, batches: 1) }
            #expect(error?.kind == .foreign)
            return error?.message ?? ""
        }
        #expect(
            message(ReplayOptions(mode: .lockstep)).hasPrefix(
                "belongs to another replay: its --lockstep is no, this one's yes"))
        #expect(message(ReplayOptions(fragmentationOrder: 4)).contains("its --order is 9, this one's 4"))

        var input = try TraceInput.open(files.trace)
        var other = try Replay(on: .topology(Topologies.other))
        let checkpoint = try ReplayCheckpoint(files.checkpoint, of: input, replay: other)
        let error = #expect(throws: TraceError.self) { try checkpoint.resume(&other, &input) }
        #expect(error?.message.contains("began with another machine") == true)

        var changed = bytes
        changed[200] ^= 1
        try Data(changed).write(to: URL(fileURLWithPath: files.trace))
        #expect(message(ReplayOptions()).contains("begins differently"))
        try Data(bytes + [0]).write(to: URL(fileURLWithPath: files.trace))
        #expect(message(ReplayOptions()).contains("its trace has \(bytes.count) bytes, this one \(bytes.count + 1)"))
    }

    enum Topologies {
        static var other: Topology {
            var topology = TraceMaker.topology
            topology.sysctls.minFreeKbytes = 999
            return topology
        }
    }

    @Test func `a pipe has no checkpoint`() throws {
        let bytes = TraceMaker.text(try TraceMaker.make(events: 10, seed: 1))
        var file = try TraceInput.open(ByteStream(name: "trace", bytes: bytes))
        let replay = try Replay(on: .topology(TraceMaker.topology))
        _ = try ReplayCheckpoint("x", of: file, replay: replay)
        file = try TraceInput.open("/dev/null")
        let error = #expect(throws: TraceError.self) { _ = try ReplayCheckpoint("x", of: file, replay: replay) }
        #expect(error?.message.contains("not a regular file") == true)
    }

    @Test func `a file cut short, changed or of another version is an error that says where`() throws {
        let files = try Files(TraceMaker.file(Array(Self.load.prefix(18_000))))
        _ = try files.replay(ReplayOptions(mode: .lockstep), batches: 1)
        let good = try SourceFile.load(files.checkpoint).bytes
        var trace = try TraceInput.open(files.trace)
        var replay = try Replay(on: .topology(TraceMaker.topology), options: ReplayOptions(mode: .lockstep))
        let checkpoint = try ReplayCheckpoint(files.checkpoint, of: trace, replay: replay)
        func resume(_ bytes: [UInt8]) throws {
            trace = try TraceInput.open(files.trace)
            try checkpoint.resume(from: ByteStream(name: "checkpoint", bytes: bytes), &replay, &trace)
        }
        func error(_ bytes: [UInt8]) throws -> TraceError? {
            #expect(throws: TraceError.self) { try resume(bytes) }
        }
        for length in stride(from: 8, to: good.count, by: good.count / 40) {
            let error = try error(Array(good[..<length]))
            #expect(error?.kind == .truncated && error?.offset == length)
        }
        try resume(good)
        let whole = replay.machine.snapshot()
        var harmless = 0
        for place in stride(from: 0, to: good.count, by: good.count / 60) {
            var bytes = good
            bytes[place] ^= 0xFF
            do {
                try resume(bytes)
                // Compressed data can say the same in several ways: what repeats itself is copied from nearer or farther.
                harmless += 1
                #expect(replay.machine.snapshot() == whole, "byte \(place)")
            } catch let error as TraceError {
                #expect(error.kind == (place == 8 ? .version : .damaged) && error.offset != nil, "byte \(place)")
            }
        }
        #expect(harmless < 4)
        var newer = good
        newer[8] = 4
        #expect(
            try error(newer)?.message
                == "is a checkpoint of version 4; this program reads version 3. Delete it to replay from the start")
    }

    @Test func `counts that contradict one another are refused: shares of them could not be computed`() throws {
        let files = try Files(TraceMaker.text(Array(Self.load.prefix(100))))
        var input = try TraceInput.open(files.trace)
        var replay = try Replay(on: .topology(TraceMaker.topology))
        let checkpoint = try ReplayCheckpoint(files.checkpoint, of: input, replay: replay)
        for (node, requests) in [(5, 9), (1, 1 << 60)] {
            replay.result.agreement.node = node
            replay.result.requests = requests
            try checkpoint.save(replay, input)
            let error = #expect(throws: TraceError.self) { try checkpoint.resume(&replay, &input) }
            #expect(error?.kind == .damaged)
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `numbers changed, checksums right: refused or replayed, never a trap`(seed: UInt64) throws {
        let mode: ReplayOptions.Mode = seed % 2 == 0 ? .free : .lockstep
        let files = try Files(TraceMaker.file(Array(Self.load.prefix(17_000 + Int(seed)))))
        _ = try files.replay(ReplayOptions(mode: mode), batches: 1)
        let good = try CheckpointBytes.payload(files.checkpoint)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<8 {
            var bytes = good
            let place = Int(generator.next() % UInt64(bytes.count))
            bytes[place] = UInt8(truncatingIfNeeded: generator.next() >> (generator.next() % 64))
            try CheckpointBytes.write(bytes, to: files.checkpoint)
            do {
                _ = try files.replay(ReplayOptions(mode: mode), batches: 2)
            } catch is TraceError { continue }
        }
    }
}

/// A checkpoint's content, without what protects it.
enum CheckpointBytes {
    static func payload(_ path: String) throws -> [UInt8] {
        var blocks = BlockReader(try ByteStream(path), ReplayCheckpoint.file)
        _ = try blocks.readHeader()
        var bytes: [UInt8] = []
        while try blocks.readBlock().kind == CheckpointEncoder.content { bytes += blocks.payload }
        return bytes
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        var blocks = try BlockWriter.create(path, ReplayCheckpoint.file, packing: .stored)
        var count = 0
        for start in stride(from: 0, to: bytes.count, by: BlockFile.largestBlock) {
            let part = Array(bytes[start...].prefix(BlockFile.largestBlock))
            try blocks.write(kind: CheckpointEncoder.content, count: count, part)
            count += 1
        }
        try blocks.write(kind: CheckpointEncoder.end, count: count, [])
        try blocks.finish()
    }
}
