import BuddyEngine
import GFP
import Topology

/// A report of memory running out in the form of some kernel version (`warn_alloc`, `check_alloc_stall_warn`,
/// `dump_header` and `__show_mem`): the facts, from which ``lines`` are written.
///
/// `LogScanner` reads what is written here, so logs with a known cause can be made for any kernel from 2.6.32 on.
public struct WrittenReport: Hashable, Sendable {
    /// Why it is printed.
    public enum Event: Hashable, Sendable {
        case failure
        /// The request is still trying, after so long. Printed by 4.9 to 4.14, and from 7.2.
        case stall(milliseconds: Int)
        /// The OOM killer was invoked; `victim` is the index in ``tasks`` of the one that was killed, if any.
        case kill(victim: Int?)
    }

    /// A task with memory of its own.
    public struct Task: Hashable, Sendable {
        /// The process ID.
        public var pid: Int
        /// The name.
        public var name: String
        /// In pages.
        public var anonymous: Int
        /// In pages.
        public var swapped: Int

        public init(pid: Int, name: String, anonymous: Int, swapped: Int = 0) {
            self.pid = pid
            self.name = name
            self.anonymous = anonymous
            self.swapped = swapped
        }
    }

    /// Why it is printed.
    public var event: Event
    /// The machine at that time; its topology's kernel does not matter here.
    public var snapshot: Snapshot
    /// The name that `uname -r` prints: `6.1.0-28-amd64`. Its version decides the form.
    public var release: String
    /// The mask, in the flags of kernels since 4.4.
    public var gfp: GFPFlags
    /// The order of the request.
    public var order: Int
    /// The node mask that the request has at its end; nil is printed as `(null)`.
    public var nodemask: [NodeID]?
    /// The cpuset's name.
    public var cpuset = "/"
    /// The cpuset's nodes; nil: all.
    public var memsAllowed: [NodeID]?
    /// `CONSTRAINT_NONE`, `CONSTRAINT_CPUSET` or `CONSTRAINT_MEMORY_POLICY`, in the summary of a kill.
    public var constraint = "CONSTRAINT_NONE"
    /// The name of the task that asked.
    public var process = "worker"
    /// The process ID of the task that asked.
    public var pid = 100
    /// The functions of the call trace, innermost first.
    public var trace: [String] = []
    /// What the pages in use are used for.
    public var use = MemoryUse()
    /// The tasks with memory of their own.
    public var tasks: [Task] = []
    /// The kernel's time stamp of the first line, in microseconds; nil: without.
    public var microseconds: Int? = 1_000_000

    public init(_ event: Event, _ snapshot: Snapshot, release: String, gfp: GFPFlags, order: Int) {
        self.event = event
        self.snapshot = snapshot
        self.release = release
        self.gfp = gfp
        self.order = order
    }

    var form: ReportForm { ReportForm(kernel: KernelVersion(release) ?? .usual) }
    var layout: GFPLayout { GFPLayout.layout(for: form.kernel) }
    /// In KiB.
    var pageSize: Int { max(1, snapshot.topology.pageSize / 1024) }

    /// Whether a kernel of this release prints anything: nothing for `__GFP_NOWARN`, and stalls only in some versions.
    public var isPrinted: Bool {
        switch event {
        case .failure: !gfp.contains(.noWarn)
        case .stall: !gfp.contains(.noWarn) && form.stall != .none
        case .kill: true
        }
    }

    /// The lines as in a kernel's ring buffer, with time stamps.
    public var lines: [String] {
        let plain = header + callTrace + ["Mem-Info:"] + memory + kill
        guard let microseconds else { return plain }
        return plain.enumerated().map { index, line in
            let time = microseconds + index * 11
            let fraction = "\(time % 1_000_000 + 1_000_000)".dropFirst()
            return "[\(Self.padded("\(time / 1_000_000)", 5)).\(fraction)] \(line)"
        }
    }

    /// ``lines`` as one text.
    public var text: String { lines.joined(separator: "\n") + "\n" }

    /// Right-aligns a text.
    static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.utf8.count)) + text
    }

    static func list(_ nodes: [NodeID]) -> String { NumberList.format(nodes.map { Int($0.rawValue) }.sorted()) }

    /// The zones printed: those with memory, on the nodes in the mask, and from 6.1 up to the highest that the request
    /// may use.
    var listed: [ZoneSnapshot] {
        let kinds = snapshot.topology.architecture.zoneKinds
        let highest = GFPFlags.highestZone(selector: gfp.zoneSelector, configured: kinds) ?? .movable
        return snapshot.zones.filter { zone in
            zone.span.present > 0 && isListed(zone.span.node) && (!form.hidesHigherZones || zone.span.kind <= highest)
        }
    }

    /// Whether a node is printed: for a request that cannot wait, all are (`show_mem_node_skip`).
    private func isListed(_ node: NodeID) -> Bool {
        if case .kill = event {} else if !gfp.contains(.directReclaim) { return true }
        let allowed = form.hasNodemask ? nodemask ?? memsAllowed : memsAllowed
        return allowed?.contains(node) ?? true
    }
}
