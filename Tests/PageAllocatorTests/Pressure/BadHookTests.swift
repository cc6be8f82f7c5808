import BuddyEngine
import GFP
import Testing
import Topology

@testable import PageAllocator

/// Reclaim hooks that do what no hook should: requests end, and nothing is corrupted.
@Suite struct BadHookTests {
    /// What the hook does each time that it is asked.
    enum Habit: CaseIterable {
        /// Claims progress, and gives nothing back.
        case lies, liesHugely, liesNegatively
        /// Gives each block back twice.
        case givesTwice
        /// Gives back what was never handed out.
        case givesForeign
        /// Makes requests of its own.
        case asks
        /// Takes itself away.
        case leaves
    }

    final class Hook: ReclaimHook {
        let habit: Habit
        var held: [PageFrame] = []
        var calls = 0
        private var depth = 0

        init(_ habit: Habit) { self.habit = habit }

        func reclaim(_ call: ReclaimCall, in machine: inout Machine) -> Int {
            calls += 1
            precondition(calls < 1_000_000, "a request goes on without end")
            switch habit {
            case .lies: return 1
            case .liesHugely: return .max
            case .liesNegatively: return .min
            case .givesTwice:
                guard let frame = held.popLast() else { return 0 }
                machine.free(frame, order: 0)
                machine.free(frame, order: 0)
                return 2
            case .givesForeign:
                machine.free(5000, order: 0)
                return 1
            case .asks:
                guard depth < 3 else { return 0 }
                depth += 1
                defer { depth -= 1 }
                return machine.allocate(AllocationRequest(.GFP_KERNEL)) == nil ? 0 : 1
            case .leaves:
                machine.reclaimHook = nil
                return 1
            }
        }
    }

    @Test(arguments: Habit.allCases, [Order(0), 4])
    func `every request ends, and no frame is served twice`(habit: Habit, order: Order) throws {
        var machine = try Machine(Topology(nodes: [.init(id: 0, cpus: [0], memory: [0..<4096])]))
        let hook = Hook(habit)
        machine.reclaimHook = hook
        var served: [PageFrame] = []
        while served.count < 6000, let frame = machine.allocate(AllocationRequest(.GFP_KERNEL, order: order)) {
            served.append(frame)
            if order == 0 { hook.held.append(frame) }
        }
        #expect(hook.calls > 0)
        let perCall = hook.calls
        _ = machine.allocate(AllocationRequest(.GFP_KERNEL, order: order))
        #expect(hook.calls - perCall < 1000, "a request asks a fruitless hook only so often")
        if habit != .givesTwice || order > 0 { #expect(Set(served).count == served.count) }
        let bad = machine.badPages.map(\.problem)
        switch habit {
        case .givesTwice where order == 0: #expect(bad.first == .alreadyFree)
        case .givesForeign: #expect(bad.first == .notMemory)
        case .lies, .liesHugely, .liesNegatively, .givesTwice, .asks, .leaves: #expect(bad.isEmpty)
        }
    }
}
