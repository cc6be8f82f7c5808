import Topology

extension MachineFacts {
    /// Fills what is not stated here from another source, and notes where both state something and differ.
    mutating func fill(from other: MachineFacts) {
        notes += other.notes.filter { !notes.contains($0) }
        fillTexts(from: other)
        fill(\.architecture, other, "the architecture") { $0.rawValue }
        fill(\.kernel, other, "the kernel") { $0.description }
        fill(\.pageSize, other, "the page size") { "\($0) bytes" }
        if onlineCPUs.isEmpty { onlineCPUs = other.onlineCPUs }
        if complete == nil, let theirs = other.complete {
            complete = theirs
            hasOpenDistances = other.hasOpenDistances
        }
        fillNodes(from: other)
        fillDistances(from: other)
    }

    private mutating func fillTexts(from other: MachineFacts) {
        if zoneInfo == nil, let text = other.zoneInfo {
            zoneInfo = text
            zoneInfoPath = other.zoneInfoPath
        }
        buddyInfo = buddyInfo ?? other.buddyInfo
        pageTypeInfo = pageTypeInfo ?? other.pageTypeInfo
        memInfo = memInfo ?? other.memInfo
        vmstat = vmstat ?? other.vmstat
        commandLine = commandLine ?? other.commandLine
        version = version ?? other.version
        memoryMap = memoryMap ?? other.memoryMap
        memoryTotal = memoryTotal ?? other.memoryTotal
        bootLog = bootLog ?? other.bootLog
        sysctls.fill(from: other.sysctls)
        hints.merge(other.hints) { own, _ in own }
    }

    private mutating func fill<Value: Equatable>(
        _ fact: WritableKeyPath<MachineFacts, Value?>, _ other: MachineFacts, _ what: String,
        _ text: (Value) -> String
    ) {
        guard let theirs = other[keyPath: fact] else { return }
        guard let own = self[keyPath: fact] else {
            self[keyPath: fact] = theirs
            return
        }
        if own != theirs {
            note(
                "\(name) says that \(what) is \(text(own)), \(other.name) \(text(theirs)); the first is used.",
                .contradiction)
        }
    }

    private mutating func fillNodes(from other: MachineFacts) {
        for node in other.nodes {
            guard let index = nodes.firstIndex(where: { $0.id == node.id }) else {
                nodes.append(node)
                continue
            }
            if let own = nodes[index].cpus, let theirs = node.cpus, own != theirs {
                note(
                    "\(name) and \(other.name) do not put the same CPUs on node \(node.id); the first is used.",
                    .contradiction)
            }
            nodes[index].cpus = nodes[index].cpus ?? node.cpus
            if nodes[index].size == nil {
                nodes[index].size = node.size
                nodes[index].sizeOmitsFirmware = node.sizeOmitsFirmware
            }
            nodes[index].free = nodes[index].free ?? node.free
            nodes[index].ranges = nodes[index].ranges ?? node.ranges
            nodes[index].movableStart = nodes[index].movableStart ?? node.movableStart
            nodes[index].tier = nodes[index].tier ?? node.tier
        }
        nodes.sort { $0.id < $1.id }
    }

    private mutating func fillDistances(from other: MachineFacts) {
        guard let theirs = other.distances else { return }
        guard let own = distances, complete == nil || !hasOpenDistances else {
            distances = theirs
            return
        }
        let differs = theirs.nodes.contains { from in
            theirs.nodes.contains { to in
                own.distance(from: from, to: to).map { $0 != theirs.distance(from: from, to: to) } ?? false
            }
        }
        if differs {
            note("\(name) and \(other.name) have different distances; those of the first are used.", .contradiction)
        }
    }
}
