import BuddyEngine
import GFP
import Testing
import Topology

@testable import PageAllocator

/// What kcompactd does without being called (mm/compaction.c).
@Suite struct ProactiveCompactionTests {
    /// A machine with every second page free, on a clock that began before.
    private func fragmented(
        _ kernel: KernelVersion, isMovable: Bool, proactiveness: Int = 20
    ) throws -> Machine {
        var sysctls = Sysctls(watermarkBoostFactor: 0)
        sysctls.compactionProactiveness = proactiveness
        var machine = try Machine(PressureMachine.topology(kernel, sysctls: sysctls))
        machine.checksFrees = false
        machine.reclaimTiming = .sharedCPU(CPUCosts(request: 1))
        let lru = LRUReclaim()
        for (index, frame) in PressureMachine.fill(&machine, PressureMachine.user).enumerated() {
            if index % 2 == 0 {
                machine.free(frame, order: 0)
            } else if isMovable {
                lru.add(frame..<(frame + 1), .file, in: &machine)
            }
        }
        machine.drainAll()
        machine.reclaimHook = lru
        // There is enough again.
        machine.reclaimers[0].isAsleep = true
        return machine
    }

    @Test func `the score is the part of free memory that is not in huge blocks, by the size of zones`() throws {
        let whole = try Machine(PressureMachine.topology())
        #expect(whole.fragmentationScore(0) == 0)
        let torn = try fragmented(KernelVersion(6, 12), isMovable: true)
        #expect(torn.fragmentationScore(0) == 99, "100 of a node's pages, in a kernel that divides by one page more")
    }

    @Test(arguments: [KernelProfile.v5_10, .v6_1, .v6_12, .v7_3])
    func `a node with hardly a huge block free is compacted at the next half second`(profile: KernelProfile) throws {
        var machine = try fragmented(profile.version, isMovable: true)
        machine.letTimePass(100_000)
        #expect(machine.counters.compactMigrateScanned == 0)
        machine.letTimePass(200_000)
        #expect(machine.counters.pagesMigrated > 0)
        #expect(machine.fragmentationScore(0) <= machine.lowFragmentationScore)
        #expect(machine.counters.compactDaemonWakes == 0, "nobody called")
        let own = machine.counters.compactDaemonMigrateScanned
        #expect(own == (profile.reclaim.countsProactiveScans ? machine.counters.compactMigrateScanned : 0))
    }

    @Test(arguments: [(0, 99), (1, 99), (50, 50), (100, 5)])
    func `vm.compaction_proactiveness says how far, and whether at all`(proactiveness: Int, score: Int) throws {
        var machine = try fragmented(KernelVersion(6, 12), isMovable: true, proactiveness: proactiveness)
        machine.letTimePass(300_000)
        #expect((machine.counters.pagesMigrated > 0) == (proactiveness > 1), "a score of 99 is not above 99 + 10")
        #expect(machine.fragmentationScore(0) <= score)
    }

    @Test(arguments: [KernelProfile.v5_10, .v6_12])
    func `what could not be improved is left alone for 32 seconds`(profile: KernelProfile) throws {
        var machine = try fragmented(profile.version, isMovable: false)
        machine.letTimePass(300_000)
        let scanned = machine.counters.compactMigrateScanned
        #expect(scanned > 0 && machine.counters.pagesMigrated == 0)
        for _ in 0..<62 { machine.letTimePass(500_000) }
        #expect(machine.counters.compactMigrateScanned == scanned)
        for _ in 0..<6 { machine.letTimePass(500_000) }
        #expect(machine.counters.compactMigrateScanned == 2 * scanned)
    }

    @Test func `memory that was fragmented from the start is in the middle of that wait`() throws {
        var machine = try fragmented(KernelVersion(6, 12), isMovable: true)
        machine.reclaimTiming = .prompt
        machine.reclaimTiming = .sharedCPU(CPUCosts(request: 1))
        for _ in 0..<30 { machine.letTimePass(500_000) }
        #expect(machine.counters.compactMigrateScanned == 0)
        for _ in 0..<4 { machine.letTimePass(500_000) }
        #expect(machine.counters.pagesMigrated > 0)
    }

    @Test func `a whole free block counts as scanned with all its pages since 6.12`() throws {
        var counts: [Int] = []
        for counted in [false, true] {
            var profile = KernelProfile.v6_12
            profile.reclaim.countsWholeFreeBlocks = counted
            var machine = try Machine(PressureMachine.topology(), profile: profile)
            let lru = LRUReclaim()
            machine.reclaimHook = lru
            let taken = machine.allocate(PressureMachine.user)
            let frame = try #require(taken)
            lru.add(frame..<(frame + 1), .file, in: &machine)
            machine.drainAll()
            let block = machine.withZone(0) { $0.pageblockStart(frame) }
            var task = CompactionTask(
                zone: 0, order: 9, type: .unmovable, highest: 2, flags: .minMark, isAsync: false, wholeZone: true,
                isDirect: false, cpu: 0)
            let isolated = machine.isolate(from: block..<(block + 512), &task)
            #expect(isolated == [frame])
            counts.append(task.migrateScanned)
        }
        #expect(counts[1] == 512)
        #expect(counts[0] < 32, "one for each free block, and the page in use")
    }
}
