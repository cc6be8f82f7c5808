import BuddyEngine
import GFP
import PageAllocator
import SourceText
import TestSupport
import Testing

@testable import Topology

/// The compact form of a snapshot, and lists of its JSON form that are read where they stand.
@Suite struct CompactSnapshotTests {
    /// A machine whose memory has been scattered.
    private func snapshot(_ sample: SampleMachine, seed: UInt64) throws -> Snapshot {
        var machine = try Machine(sample.topology)
        var load = RandomLoad(seed: seed)
        load.share = 70
        _ = load.run(&machine, steps: 3000)
        return machine.snapshot()
    }

    private func read(_ bytes: [UInt8]) -> (snapshot: Snapshot?, problems: [SourceProblem]) {
        Snapshot.check(SourceFile(name: "state", bytes: bytes))
    }

    @Test(arguments: SampleMachine.all, [2, 9] as [UInt64])
    func `both forms of a state, read from a file, are the state`(sample: SampleMachine, seed: UInt64) throws {
        let snapshot = try snapshot(sample, seed: seed)
        for path in ["state.nzs", "state.nzs.gz", "state.json"] {
            let (again, problems) = read(snapshot.bytes(forFile: path))
            #expect(problems.map(\.description) == [], "\(path), seed \(seed)")
            #expect(again == snapshot, "\(path), seed \(seed)")
        }
        #expect(snapshot.bytes(forFile: "state.json").first == UInt8(ascii: "{"))
        #expect(snapshot.compact.count * 2 < snapshot.json.text(pretty: false).utf8.count)
    }

    @Test func `a state of counts, with notes, is read as it was`() {
        let topology = Topology(
            nodes: [Topology.Node(id: 0, cpus: [0], memory: [PageFrame(1 << 20)..<PageFrame(1 << 20 + 1 << 18)])])
        var zone = ZoneSnapshot(
            span: ZoneSpan(
                node: 0, kind: .normal, start: PageFrame(1 << 20), spanned: 1 << 18, present: 1 << 18, managed: 1 << 18),
            free: .counts([FreeCount(total: 3), FreeCount(total: 1, byType: [.movable: 1])]))
        zone.counters = ["numa_hit": 7]
        let snapshot = Snapshot(topology: topology, zones: [zone], notes: ["one thing was assumed"])
        let (again, problems) = read(snapshot.compact)
        #expect(problems.isEmpty && again == snapshot)
    }

    @Test func `a compact file cut anywhere, or with any byte changed, is refused with a sentence`() throws {
        let state = try snapshot(SampleMachine.all[0], seed: 4)
        let bytes = state.compact
        for length in stride(from: 8, to: bytes.count, by: max(bytes.count / 150, 1)) {
            let (snapshot, problems) = read(Array(bytes[..<length]))
            #expect(snapshot == nil && problems.count == 1, "\(length) bytes")
            #expect(problems.first?.message.contains("cut short") == true, "\(length) bytes")
        }
        for place in stride(from: 8, to: bytes.count, by: max(bytes.count / 400, 1)) {
            var changed = bytes
            changed[place] ^= 0x20
            let (snapshot, problems) = read(changed)
            // After the end of packed data there may be some bits that say nothing.
            #expect(snapshot == nil && !problems.isEmpty || snapshot == state, "byte \(place)")
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `content that lies, its checksums right, is another state or a problem, never a trap`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let bytes = try snapshot(SampleMachine.all[0], seed: seed).compact
        var reader = BlockReader(ByteStream(name: "state", bytes: bytes), CompactSnapshot.file)
        _ = try reader.readHeader()
        #expect(try reader.readBlock().kind == CompactSnapshot.content)
        let payload = reader.payload
        for _ in 0..<300 {
            var changed = payload
            // Mostly in the lists, which are after the text.
            let from = random.next() % 4 == 0 ? 0 : payload.count * 2 / 3
            let place = from + Int(random.next() % UInt64(payload.count - from))
            changed[place] = UInt8(truncatingIfNeeded: random.next())
            var file = CompactSnapshot.file.header()
            file += BlockFile.block(kind: CompactSnapshot.content, count: 0, changed, packing: .compressed)
            file += BlockFile.block(kind: CompactSnapshot.end, count: 1, [], packing: .stored)
            guard let other = read(file).snapshot else { continue }
            #expect(other.firstProblem() == nil, "\(random)")
            _ = try? Machine.restoring(other)
        }
    }

    @Test func `another version is told by its number`() throws {
        var bytes = try snapshot(SampleMachine.all[0], seed: 4).compact
        bytes[8] = 2
        let message = read(bytes).problems.first?.message
        #expect(message?.contains("a compact snapshot of version 2; this program reads version 1") == true)
    }

    // MARK: - Long lists of the JSON form

    /// What a text comes to read in both ways: with its long lists where they stand, and as one tree.
    private func expectSame(_ text: String, _ about: String) throws {
        let source = SourceFile(name: "state", text: text)
        let quick = Snapshot.check(source)
        let whole = Snapshot.check(try JSONDocument(source))
        #expect(quick.snapshot == whole.snapshot, "\(about)")
        #expect(quick.problems == whole.problems, "\(about)")
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `long lists with something wrong are reported as in a tree`(seed: UInt64) throws {
        let text = try snapshot(SampleMachine.all[0], seed: 5).json.text(pretty: seed == 2)
        let left = try JSONDocument(SourceFile(name: "state", text: text), leavingLists: SnapshotJSON.longLists)
        #expect(left.leavesLists)
        try expectSame(text, "as it is")
        var random = SeededGenerator(seed: seed)
        let bytes = Array(text.utf8)
        let start = bytes.count / 2
        for round in 0..<60 {
            var changed = bytes
            let place = start + Int(random.next() % UInt64(bytes.count - start))
            changed[place] = Array("0917,-[]\"{ .x".utf8)[Int(random.next() % 13)]
            let source = SourceFile(name: "state", bytes: changed)
            let quick = Snapshot.check(source)
            do throws(SourceError) {
                let whole = Snapshot.check(try JSONDocument(source))
                #expect(quick.snapshot == whole.snapshot && quick.problems == whole.problems, "\(random), \(round)")
            } catch {
                #expect(quick.snapshot == nil && quick.problems == [SourceProblem(error)], "\(random), \(round)")
            }
        }
    }

    @Test func `pages met twice are found at any edge of a word`() throws {
        let span = ZoneSpan(
            node: 0, kind: .normal, start: PageFrame(1000), spanned: 1000, present: 1000, managed: 1000)
        var random = SeededGenerator(seed: 11)
        for _ in 0..<200 {
            var coverage = try #require(PageCoverage(span))
            var met: Set<Int> = []
            for _ in 0..<12 {
                let (first, count) = (Int(random.next() % 1100) + 950, Int(random.next() % 140))
                let pages = Set(first..<(first + count))
                let isFree = first >= 1000 && first + count <= 2000 && met.isDisjoint(with: pages)
                #expect(coverage.take(PageFrame(first), count) == isFree, "\(random): \(first), \(count)")
                guard isFree else { break }
                met.formUnion(pages)
            }
        }
    }
}
