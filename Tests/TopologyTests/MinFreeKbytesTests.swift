import BuddyEngine
import GFP
import SourceText
import TestSupport
import Testing

@testable import Topology

@Suite
struct MinFreeKbytesTests {
    @Test func `the square root keeps within its limits, which moved in 2020`() {
        let new = Topology(kernel: KernelVersion(6, 12), nodes: [])
        let old = Topology(kernel: KernelVersion(4, 18), nodes: [])
        #expect(new.defaultMinFreeKbytes(lowmemManagedPages: 0) == 128)
        #expect(new.defaultMinFreeKbytes(lowmemManagedPages: 256) == 128)
        #expect(new.defaultMinFreeKbytes(lowmemManagedPages: 1_048_576) == 8192)
        #expect(new.defaultMinFreeKbytes(lowmemManagedPages: 1_048_575) == 8191)
        #expect(new.defaultMinFreeKbytes(lowmemManagedPages: 1 << 34) == 262_144)
        #expect(old.defaultMinFreeKbytes(lowmemManagedPages: 1 << 34) == 65_536)
        #expect(new.defaultMinFreeKbytes(lowmemManagedPages: .max) == 262_144)
        #expect(new.hugePageMinFreeKbytes(zones: .max, lowmemManagedPages: .max) >= 0)
    }

    /// A guest large enough for huge pages has eleven pageblocks a zone exactly, where a twentieth of memory is more.
    /// The other figures were taken during boot, before the kernel handed over what it then no longer needed: from the
    /// managed pages recorded later they come out at most a twentieth too large, and never too small.
    @Test(
        arguments: KnownRecordings.chosen.filter {
            $0.contains("-topo-") || $0.contains("-highatomic") || $0.contains("-mix")
        })
    func `a recorded kernel's choice follows from its zones`(path: String) throws {
        let machine = try RecordedMachine(path: path)
        guard machine.root["sysctl_set"]?["vm.min_free_kbytes"] == nil,
            let recorded = machine.root["sysctl"]?["min_free_kbytes"]?.string.flatMap({ Int($0) })
        else { return }
        let zones = machine.nodes.flatMap { $0["zones"]?.array ?? [] }.filter { ($0["present"]?.int ?? 0) > 0 }
        let low = zones.filter { ["DMA", "DMA32", "Normal"].contains($0["name"]?.string) }
        let managed = low.reduce(0) { $0 + ($1["managed"]?.int ?? 0) }
        let high = low.reduce(0) { $0 + ($1["watermark"]?["high"]?.int ?? 0) }
        let total = zones.reduce(0) { $0 + ($1["managed"]?.int ?? 0) }
        var topology = try machine.topology()

        let pageblocks = low.count * topology.pageblockOrder.pages * 11
        let smallest = 512 << 20 / topology.pageSize
        if total < smallest {
            let derived = topology.defaultMinFreeKbytes(lowmemManagedPages: managed)
            #expect(recorded <= derived && derived * 19 <= recorded * 20)
        } else if pageblocks <= (managed - high) / 20 {
            #expect(topology.hugePageMinFreeKbytes(zones: low.count, lowmemManagedPages: managed - high) == recorded)
        } else {
            let derived = topology.hugePageMinFreeKbytes(zones: low.count, lowmemManagedPages: managed)
            #expect(recorded <= derived && derived * 19 <= recorded * 20)
        }
        // What the kernel takes for itself at boot decides near 512 MiB; here it is known.
        topology.reserved = [Self.reserve(total: total, of: topology)].compactMap(\.self)
        #expect(topology.usesTransparentHugePages == (total >= smallest))
    }

    /// A range that takes that many pages off the machine's last zone that `total` are managed.
    private static func reserve(total: Int, of topology: Topology) -> Range<PageFrame>? {
        let spans = topology.zoneSpans()
        let excess = spans.reduce(0) { $0 + $1.managed } - total
        guard excess > 0, let end = spans.max(by: { $0.present < $1.present })?.managedRanges.last?.upperBound else {
            return nil
        }
        return (end + -excess)..<end
    }
}
