import ArgumentParser
import PageAllocator
import Topology

/// What-if: sysctls other than the machine's own.
struct SettingOptions: ParsableArguments {
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Change a sysctl first, as vm.min_free_kbytes=65536. May be repeated.", valueName: "name=value"),
        completion: .list(CompletionWords.settings))
    var settings: [String] = []

    func changes() throws(SettingError) -> [SettingChange] {
        var changes: [SettingChange] = []
        for text in settings { changes.append(try SettingChange(text)) }
        return changes
    }

    /// Makes the settings: a machine yet to boot boots with them, one in the midst of things works its watermarks out
    /// afresh, as writing to /proc/sys does.
    func apply(to loaded: inout LoadedMachine) throws {
        let changes = try changes()
        guard !changes.isEmpty else { return }
        var topology = loaded.snapshot.topology
        try topology.apply(changes)
        guard !loaded.snapshot.zones.isEmpty else {
            loaded.snapshot.topology = topology
            return
        }
        var machine = try loaded.machine()
        try machine.set(topology.sysctls)
        loaded.snapshot.takeSettings(from: machine.snapshot())
    }
}

extension Snapshot {
    /// Takes over what follows from sysctls. What is free, and what was printed, stays.
    fileprivate mutating func takeSettings(from other: Snapshot) {
        topology.sysctls = other.topology.sysctls
        for zone in other.zones {
            guard let index = zones.firstIndex(where: { $0.span.reference == zone.span.reference }) else { continue }
            zones[index].watermarks = zone.watermarks
            zones[index].lowmemReserve = zone.lowmemReserve
            if zones[index].exact != nil { zones[index].exact = zone.exact }
        }
    }
}
