import BuddyEngine

extension Topology {
    /// A node's memory as the kernel sees it, ascending.
    ///
    /// On x86 that is less than the firmware reports: the kernel gives up page frame 0 and the 384 KiB below 1 MiB
    /// where the BIOS lives, whatever the firmware says about them (`trim_bios_range`, arch/x86/kernel/setup.c). A
    /// 32-bit kernel also gives up what lies beyond its reach.
    public func presentMemory(of node: Node) -> [Range<PageFrame>] {
        var memory = node.memory.normalized()
        if let usableEnd { memory = memory.clamped(to: PageFrame(0)..<usableEnd) }
        guard architecture.isX86, pageSize == 4096,
            let first = memory.first, first.lowerBound < Self.biosEnd
        else { return memory }
        return memory.subtracting(Self.biosMemory)
    }

    private static let biosEnd = PageFrame(0x100)
    private static let biosMemory = [PageFrame(0)..<PageFrame(1), PageFrame(0xA0)..<biosEnd]

    /// From the first page frame with memory to the one after the last; nil for a machine without memory.
    public var memoryBounds: Range<PageFrame>? {
        let ranges = nodes.map(presentMemory(of:)).filter { !$0.isEmpty }
        guard let start = ranges.compactMap({ $0.first?.lowerBound }).min(),
            let end = ranges.compactMap({ $0.last?.upperBound }).max()
        else { return nil }
        return start..<end
    }
}
