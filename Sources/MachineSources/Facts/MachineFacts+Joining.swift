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
        noteWholeMachines(other)
        if complete == nil, let theirs = other.complete {
            complete = theirs
            hasOpenDistances = other.hasOpenDistances
        }
        fillNodes(from: other)
        fillDistances(from: other)
    }

    /// A source that describes a machine in full leaves nothing open; a report of failed memory leaves CPUs, distances and
    /// settings.
    private mutating func noteWholeMachines(_ other: MachineFacts) {
        if complete != nil, other.complete != nil {
            note("\(name) and \(other.name) each describe a machine; the first is taken.", .contradiction)
        } else if complete != nil, !hasOpenDistances {
            note("\(name) describes the machine in full: nothing of \(other.name) is used.", .notUnderstood)
        } else if other.complete != nil, !other.hasOpenDistances {
            note("\(other.name) describes the machine in full: nothing of \(name) is used.", .notUnderstood)
        }
    }

    private mutating func fillTexts(from other: MachineFacts) {
        if zoneInfo == nil { zoneInfoPath = other.zoneInfoPath }
        fill(\.zoneInfo, other, "zoneinfo")
        fill(\.buddyInfo, other, "buddyinfo")
        fill(\.pageTypeInfo, other, "pagetypeinfo")
        fill(\.memInfo, other, "meminfo")
        fill(\.vmstat, other, "vmstat")
        fill(\.numaStat, other, "numastat")
        fill(\.commandLine, other, "the command line")
        fill(\.memoryMap, other, "the map of memory")
        fill(\.bootLog, other, "the boot log")
        version = version ?? other.version
        memoryTotal = memoryTotal ?? other.memoryTotal
        transparentHugePages = transparentHugePages ?? other.transparentHugePages
        for name in sysctls.fill(from: other.sysctls) {
            note(
                "\(self.name) and \(other.name) have different values of vm.\(name); the first is taken.",
                .contradiction)
        }
        hints.merge(other.hints) { own, _ in own }
    }

    /// A text that both have: that of the first is taken.
    private mutating func fill<Text: Equatable>(
        _ text: WritableKeyPath<MachineFacts, Text?>, _ other: MachineFacts, _ what: String
    ) {
        guard let own = self[keyPath: text] else {
            self[keyPath: text] = other[keyPath: text]
            return
        }
        if let theirs = other[keyPath: text], own != theirs {
            note("\(name) and \(other.name) differ in \(what); that of the first is taken.", .contradiction)
        }
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
            noteOtherSizes(nodes[index], node, of: other)
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

    /// Sizes that are not the same but for rounding, and amounts of free memory as of different machines or days.
    private mutating func noteOtherSizes(_ own: NodeFacts, _ theirs: NodeFacts, of other: MachineFacts) {
        func text(_ bytes: Int) -> String { "\(bytes >> 20) MiB" }
        if let size = own.size, let otherSize = theirs.size, size > 0, abs(size - otherSize) > max(size, otherSize) / 64
        {
            note(
                "\(name) says that node \(own.id) has \(text(size)), \(other.name) \(text(otherSize)); the first is taken.",
                .contradiction)
        }
        if let free = own.free, let otherFree = theirs.free,
            abs(free - otherFree) > max(64 << 20, max(free, otherFree) / 4)
        {
            note(
                "\(name) says that \(text(free)) of node \(own.id) are free, \(other.name) \(text(otherFree)); the first is "
                    + "taken.", .contradiction)
        }
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
