import GFP
import Topology

extension WrittenReport {
    private var allowed: String { Self.list(memsAllowed ?? snapshot.topology.nodes.map(\.id)) }
    private var mask: String {
        let native = layout.native(gfp)
        let number = "0x" + String(layout.kernelValue(of: native) ?? 0, radix: 16)
        return form.hasMaskNames ? "\(number)(\(native.isEmpty ? "none" : layout.describe(native)))" : number
    }
    private var nodes: String { nodemask.map(Self.list) ?? "(null)" }

    /// What happened, to which task, in which kernel.
    var header: [String] {
        let cpuset = form.hasCpusetInHeader ? ",cpuset=\(cpuset),mems_allowed=\(allowed)" : ""
        var lines: [String] = []
        switch event {
        case .failure:
            let what = form.hasColonAfterFailure ? "failure:" : "failure."
            let nodes = form.hasNodemask ? ", nodemask=\(nodes)\(cpuset)" : ""
            lines.append("\(process): page allocation \(what) order:\(order), mode:\(mask)\(nodes)")
        case .stall(let milliseconds):
            switch form.stall {
            case .seconds:
                lines.append(
                    "\(process): page allocation stall for \(milliseconds / 1000) secs: order:\(order), mode:\(mask) "
                        + "nodemask=\(nodes)\(cpuset)")
            case .milliseconds, .none:
                let nodes = form.hasNodemask ? ", nodemask=\(nodes)" : ""
                lines.append(
                    "\(process): page allocation stalls for \(milliseconds)ms, order:\(order), mode:\(mask)\(nodes)")
            }
        case .kill:
            let nodes = form.hasNodemaskInKill ? ", nodemask=\(nodes)" : ""
            let old = form.hasOldAdjustment ? ", oom_adj=0" : ""
            let score = form.hasScoreAdjustment ? ", oom_score_adj=0" : ""
            lines.append("\(process) invoked oom-killer: gfp_mask=\(mask)\(nodes), order=\(order)\(old)\(score)")
        }
        if !form.hasCpusetInHeader, event.isKill || form.hasNodemask {
            lines.append("\(process) cpuset=\(self.cpuset) mems_allowed=\(allowed)")
        }
        lines.append(
            form.hasOldProcessLine
                ? "Pid: \(pid), comm: \(process) Not tainted \(release) #1"
                : "CPU: 0 \(form.hasUserInProcessLine ? "UID: 0 " : "")PID: \(pid) Comm: \(process) Not tainted "
                    + "\(release) #1")
        return lines
    }

    var callTrace: [String] {
        let frames = trace.enumerated().map { index, function in
            form.hasFrameAddresses
                ? " [<ffffffff81\(String(0x100000 + index * 0x1235, radix: 16))>] \(function)+0x10/0x20"
                : " \(function)+0x10/0x20"
        }
        guard form.hasTaskMarks else { return ["Call Trace:"] + frames }
        return ["Call Trace:", " <TASK>"] + frames + [" </TASK>"]
    }
}

extension WrittenReport.Event {
    var isKill: Bool { if case .kill = self { true } else { false } }
}
