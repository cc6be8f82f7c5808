import BuddyEngine
import PageAllocator

extension ScenarioRunner {
    mutating func allocate(_ step: AllocationStep, _ shouldContinue: (Int) -> Bool) -> AllocationSummary {
        var observer = ScenarioObserver()
        let group = blocks[step.name]
        let weights = step.choices.reduce(0) { $0 + $1.weight }
        var left = step.count ?? Int.max
        var placement = step.placement
        lru.caller = step.process.map { process($0) }
        defer { lru.caller = nil }
        let isWitnessed = keptRefusals > 0
        if isWitnessed, step.choices.allSatisfy({ $0.request?.gfp.contains(.movable) ?? true }) {
            movableGroups.insert(step.name)
        }
        while left > 0, mayGoOn(shouldContinue) {
            left -= 1
            guard let request = draw(step.choices, weights).request else {
                guard group.count > 0 else { continue }
                let block = group.take(random.next(below: group.count))
                machine.free(block.frame, order: block.order)
                observer.summary.freed += 1
                continue
            }
            if let pages = step.exactPages {
                guard allocateExactly(pages, request, into: group, &observer.summary) || !step.stopsAtFailure else {
                    break
                }
                continue
            }
            let served = serve(request, by: &placement, observing: &observer)
            if isWitnessed { witnessKills(request, placement) }
            guard let frame = served else {
                if isWitnessed, observer.summary.refused == 0 { witnessRefusal(request, placement) }
                observer.summary.refused += 1
                if step.stopsAtFailure { break }
                continue
            }
            group.append(frame, request.order)
            if let zone = machine.zone(of: frame) { observer.summary.add(zone, pages: request.order.pages) }
        }
        return observer.summary
    }

    /// Allocates an exact number of pages; returns whether that succeeded.
    mutating func allocateExactly(
        _ pages: Int, _ request: AllocationRequest, into group: BlockGroups.Group, _ summary: inout AllocationSummary
    ) -> Bool {
        let size = pages * machine.topology.pageSize
        guard let exact = machine.alloc_pages_exact(size, request.gfp, cpu: request.cpu) else {
            summary.refused += 1
            return false
        }
        for page in 0..<pages { group.append(exact.frame + page, 0) }
        if let zone = machine.zone(of: exact.frame) { summary.add(zone, pages: pages) }
        return true
    }

    mutating func serve(
        _ request: AllocationRequest, by placement: inout TaskPlacement?, observing observer: inout ScenarioObserver
    ) -> PageFrame? {
        if keeping.explanations { return explain(request, by: &placement, observing: &observer) }
        if recorder != nil || watcher != nil {
            return machine.allocateHeard(request, by: &placement, observing: &observer)
        }
        guard var task = placement else { return machine.allocate(request, observing: &observer) }
        defer { placement = task }
        return machine.allocate(request, by: &task, observing: &observer)
    }

    /// Makes a request, and keeps its explanation if it is worth it: the request was refused, or a block of another
    /// type was used.
    mutating func explain(
        _ request: AllocationRequest, by placement: inout TaskPlacement?, observing observer: inout ScenarioObserver
    ) -> PageFrame? {
        let before = observer.summary.fallbacks
        let explanation = machine.explain(request, by: &placement, observing: &observer)
        if explanation.frame == nil || observer.summary.fallbacks > before,
            result.explanations.count < ScenarioResult.mostExplanations
        {
            result.explanations.append(explanation)
        }
        return explanation.frame
    }

    mutating func draw(_ choices: [AllocationStep.Choice], _ weights: Int) -> AllocationStep.Choice {
        guard choices.count > 1 else { return choices[0] }
        var ticket = random.next(below: weights)
        for choice in choices {
            if ticket < choice.weight { return choice }
            ticket -= choice.weight
        }
        return choices[0]
    }
}
