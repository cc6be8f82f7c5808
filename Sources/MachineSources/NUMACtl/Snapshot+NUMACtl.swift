import GFP
import KernelText
import Topology

extension Snapshot {
    /// A machine as `numactl -H` shows it: nodes, CPUs, sizes, free memory and distances. Addresses are assumed.
    ///
    /// A table of distances alone gives each node one CPU and `defaultNodeSize`.
    ///
    /// - Parameters:
    ///   - text: The output of numactl.
    ///   - name: The machine's name.
    ///   - defaultNodeSize: The size in bytes of nodes without a stated size.
    /// - Throws: ``HostReadError/noMemory(path:)`` if all nodes are empty.
    public init(
        numactl text: NUMACtlText, name: String, defaultNodeSize: Int = 4 << 30
    ) throws(HostReadError) {
        var facts = MachineFacts(name: name)
        facts.title = name
        facts.add(text)
        facts.assumeWhatNUMACtlOmits(defaultNodeSize: defaultNodeSize)
        self = try facts.snapshot()
    }
}

extension MachineFacts {
    /// Assumes sizes and CPUs of nodes if there is only a table of distances.
    mutating func assumeWhatNUMACtlOmits(defaultNodeSize: Int = 4 << 30) {
        guard zoneInfo == nil, bootLog == nil, complete == nil, memInfo == nil, !nodes.isEmpty,
            memoryMap?.systemRAM.isEmpty ?? true
        else { return }
        let tellsCPUs = nodes.contains { $0.cpus != nil }
        var nextCPU = nodes.compactMap { $0.cpus?.last }.max().map { Int($0.rawValue) + 1 } ?? 0
        for index in nodes.indices where nodes[index].ranges == nil {
            let id = nodes[index].id
            if nodes[index].size == nil {
                nodes[index].size = defaultNodeSize
                nodes[index].sizeOmitsFirmware = false
                note("the size of node \(id) is not stated; \(defaultNodeSize >> 20) MiB are assumed.")
            }
            if nodes[index].cpus == nil, tellsCPUs {
                nodes[index].cpus = []
                note("node \(id) is not among those whose CPUs are listed: it is taken to have none.")
            } else if nodes[index].cpus == nil {
                nodes[index].cpus = [CPUID(nextCPU)]
                note("the CPUs of node \(id) are not stated; one, CPU \(nextCPU), is assumed.")
                nextCPU += 1
            }
        }
    }
}
