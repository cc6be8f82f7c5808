import BuddyEngine
import GFP
import PageAllocator
import Topology
import Workloads

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// W5: a machine of 64 nodes with 1 TiB and 16 CPUs each, made ready and then asked for pages.
public struct HugeMachine: Sendable {
    public static let readyTarget = Duration.milliseconds(5)
    public static let residentTarget = 16 << 20

    /// From the topology to the machine.
    public let ready: Duration
    public let requests: Int
    public let refused: Int
    /// For all requests.
    public let serving: Duration
    /// The process's resident memory in bytes: before the machine was made, and after the requests.
    public let residentBefore: Int
    public let residentAfter: Int

    /// What the machine came to: run-time libraries and this program's own memory, 10 to 13 MiB, left out.
    public var growth: Int { residentAfter - residentBefore }
    public var isReadyInTime: Bool { ready <= Self.readyTarget }
    public var isSmallEnough: Bool { growth <= Self.residentTarget }

    /// Makes the machine and requests of single pages from CPUs all over it; all pages stay in use.
    public init(requests: Int, seed: UInt64) throws {
        let topology = Self.topology
        self.requests = requests
        residentBefore = Self.resident()
        let start = ProcessorTime.now
        var machine = try Machine(topology)
        machine.checksFrees = false
        let made = ProcessorTime.now
        var generator = SeededGenerator(seed: seed)
        var request = AllocationRequest(.GFP_HIGHUSER_MOVABLE)
        var refused = 0
        for _ in 0..<requests {
            request.cpu = CPUID(rawValue: UInt32(generator.next(below: Self.nodes * Self.cpusPerNode)))
            if machine.allocate(request) == nil { refused += 1 }
        }
        serving = ProcessorTime.now - made
        ready = made - start
        residentAfter = Self.resident()
        self.refused = refused
    }

    private static let nodes = 64
    private static let cpusPerNode = 16
    private static let pagesPerNode = 1 << 28

    private static var topology: Topology {
        Topology(
            name: "64 nodes, 64 TiB",
            nodes: (0..<nodes).map { node in
                let first = PageFrame(node * pagesPerNode)
                return Topology.Node(
                    id: NodeID(rawValue: UInt16(node)),
                    cpus: (0..<cpusPerNode).map { CPUID(rawValue: UInt32(node * cpusPerNode + $0)) },
                    memory: [first..<first + pagesPerNode])
            })
    }

    /// The second field of `/proc/self/statm` is the resident set in pages.
    private static func resident() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 128)
        guard fgets(&buffer, Int32(buffer.count), file) != nil else { return 0 }
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let fields = text.split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(getpagesize()) : 0
    }
}
