import BuddyEngine
import PageAllocator
import Topology

/// Steps that return memory to the machine or hand it to the model of reclaim.
extension ScenarioRunner {
    mutating func free(_ step: FreeStep, _ shouldContinue: (Int) -> Bool) -> (blocks: Int, pages: Int) {
        var freed = (blocks: 0, pages: 0)
        for name in step.name.map({ [$0] }) ?? blocks.groups.keys.sorted() {
            var random = self.random
            let group = blocks[name]
            if case .last(let count) = step.selection {
                group.chooseNewest(count)
            } else {
                group.chooseLeaving { position in
                    switch step.selection {
                    case .last: false
                    case .all: true
                    case .every(let stride): position % stride == 0
                    case .first(let count): position < count
                    case .share(let share): random.chance(share)
                    }
                }
            }
            self.random = random
            defer { group.keepLeaving() }
            while group.hasLeaving {
                guard mayGoOn(shouldContinue), let block = group.takeLeaving() else { return freed }
                machine.free(block.frame, order: block.order, cpu: step.cpu)
                freed.blocks += 1
                freed.pages += block.order.pages
            }
        }
        return freed
    }

    /// Hands blocks to the LRU model, which may free them; they leave their group.
    mutating func age(_ step: AgeingStep) {
        let owner = step.process.map { process($0) }
        for packed in blocks[step.name].takeAll(where: { $0 % step.every == 0 }) {
            let (frame, order) = BlockGroups.unpack(packed)
            lru.add(
                frame..<(frame + order.pages), step.kind, isDirty: step.isDirty, isActive: step.isActive, owner: owner,
                in: &machine)
        }
    }

    /// The number of a process, which is added if it is new.
    mutating func process(_ name: String) -> Int {
        let process = processes[name] ?? lru.addProcess(name)
        processes[name] = process
        return process
    }

    mutating func drain(_ cpu: CPUID?) {
        if let cpu { machine.drain(cpu: cpu) } else { machine.drainAll() }
    }
}
