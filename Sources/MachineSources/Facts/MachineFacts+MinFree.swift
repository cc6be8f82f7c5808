import GFP
import PageAllocator
import SourceText
import Topology

extension MachineFacts {
    /// Infers `min_free_kbytes` from the zones' own marks if no sysctl states it, so that changes start from the right
    /// value.
    mutating func inferMinFree(_ snapshot: inout Snapshot) {
        guard snapshot.topology.sysctls.minFreeKbytes == nil, complete == nil else { return }
        let rules = KernelProfile(nearest: snapshot.topology.kernel).sizing
        guard
            let marks = PrintedMarks(
                snapshot.zones, pageSize: snapshot.topology.pageSize,
                scaleFactor: snapshot.topology.sysctls.watermarkScaleFactor, rules: rules)
        else { return }
        snapshot.topology.sysctls.minFreeKbytes = marks.minFreeKbytes.lowerBound
        var text = "min_free_kbytes is \(marks.minFreeKbytes.lowerBound), by the zones' min marks"
        if marks.minFreeKbytes.count > 1 {
            text += " (anything up to \(marks.minFreeKbytes.upperBound) gives the same)"
        }
        if marks.scaleFactor != snapshot.topology.sysctls.watermarkScaleFactor {
            snapshot.topology.sysctls.watermarkScaleFactor = marks.scaleFactor
            text += ", and watermark_scale_factor \(marks.scaleFactor), by the distances of the marks"
        }
        note(text + ".", .used)
    }

    /// Red Hat's 2.6.32 has transparent huge pages, which Linus' kernels have from 2.6.38 on.
    mutating func useVendorsHugePages(_ snapshot: inout Snapshot) {
        let release = bootLog?.kernelRelease ?? version?.release ?? ""
        let topology = snapshot.topology
        guard complete == nil, release.mentions(".el6"), topology.boot.transparentHugePages,
            !topology.kernel.has(.transparentHugePages), topology.sysctls.minFreeKbytes == nil
        else { return }
        var newer = topology
        newer.kernel = KernelFeature.transparentHugePages.release
        guard let machine = try? Machine(newer) else { return }
        snapshot.topology.sysctls.minFreeKbytes = machine.minFreeKbytes
        note(
            "Red Hat's 2.6.32 has transparent huge pages: min_free_kbytes is \(machine.minFreeKbytes), as they raise it."
        )
    }
}
