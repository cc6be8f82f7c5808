import KernelText
import MachineSources
import PageAllocator

extension KernelFileFormat {
    /// A machine that was just read in the kernel's own text: literally the source's text where the source is that
    /// text, with the counters and in the form of that kernel; otherwise generated from the machine.
    ///
    /// - Parameters:
    ///   - machine: The machine.
    ///   - read: What it was read from.
    /// - Returns: The text.
    public func text(of machine: borrowing Machine, read: SourcedMachine) -> String {
        let printed: String? =
            switch self {
            case .zoneinfo: read.texts.zoneInfo?.text
            case .buddyinfo: read.texts.buddyInfo?.text
            case .pagetypeinfo: read.texts.pageTypeInfo?.text
            case .vmstat: read.texts.vmstat?.text ?? read.texts.zoneInfo.map { VMStatText($0).text }
            case .numastat: read.texts.numaStat?.text
            }
        return printed ?? text(of: machine, source: read.snapshot.zones.isEmpty ? nil : read.snapshot)
    }
}

extension VMStatText {
    /// The counters that zoneinfo has by zone and node, summed; events are omitted, because zoneinfo has none.
    init(_ zoneInfo: ZoneInfoText) {
        var counters: [NamedCounter] = []
        func add(_ counter: NamedCounter) {
            if let index = counters.firstIndex(where: { $0.name == counter.name }) {
                counters[index].value &+= counter.value
            } else {
                counters.append(counter)
            }
        }
        for zone in zoneInfo.zones { zone.counters.forEach(add) }
        for zone in zoneInfo.zones { zone.nodeCounters.forEach(add) }
        self.init(counters: counters)
    }
}
