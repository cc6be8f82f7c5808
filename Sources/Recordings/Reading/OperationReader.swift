import SourceText
import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Reads a recording's operations one by one.
struct OperationReader {
    let states: StateReader
    let layout: GFPLayout
    private(set) var operations: [RecordedOperation] = []
    private(set) var words: [UInt64] = []
    private(set) var bulkFrames: [PageFrameNumber] = []
    private(set) var nodemasks: [NodeMask] = []
    private(set) var dumpNames: [String] = []
    private var maskPositions: [UInt64: Int] = [:]

    init(states: StateReader, layout: GFPLayout) {
        self.states = states
        self.layout = layout
    }

    mutating func read(_ field: JSONField) throws(SourceProblem) {
        var operation = RecordedOperation(
            action: .drain, id: try field.optional("id")?.count() ?? -1,
            cpu: CPUID(try field.optional("cpu")?.count(8191) ?? 0))
        // "skip" and "bad": the module did not make the request.
        let result = field.optional("result")?.value.string
        let isSkipped = result == "skip" || result == "bad"
        switch try field["op"].string {
        case "alloc", "xalloc":
            try readRequest(field, &operation)
            operation.action = isSkipped ? .skip : .allocate
        case "free", "xfree":
            operation.action = field.optional("result") == nil ? .free : .freeNothing
            operation.frame = try field.optional("pfn")?.frame
            operation.order = Order(try field.optional("order")?.count(13) ?? 0)
        case "split":
            operation.action = field.optional("result") == nil ? .split : .freeNothing
        case "freesub":
            operation.action = field.optional("result") == nil ? .freePart : .freeNothing
            operation.frame = try field.optional("pfn")?.frame
        case "bulk":
            try readRequest(field, &operation)
            let start = bulkFrames.count
            for frame in try field.optional("pfns")?.elements ?? [] { bulkFrames.append(try frame.frame) }
            operation.action = .bulk(count: try field["n"].count(1 << 20), frames: start..<bulkFrames.count)
            if isSkipped { operation.action = .skip }
        case "drain": operation.action = .drain
        case "dump":
            operation.action = .dump(name: dumpNames.count)
            dumpNames.append(try field["state"].string)
        case "task": operation.action = .task(AllocationRequest.TaskState(rawValue: UInt8(try field["flags"].count(3))))
        case "reclaim_active":
            operation.action = .reclaimActive(
                ZoneReference(node: NodeID(try field["nid"].count(1023)), kind: try states.zoneKind(field["zone"])),
                try field["on"].int != 0)
        case let other: throw try field["op"].failure("\"\(other)\" is no operation known here")
        }
        let start = words.count
        for event in try field.optional("ev")?.elements ?? [] { try readEvent(event) }
        operation.events = start..<words.count
        operations.append(operation)
    }

    private mutating func readRequest(
        _ field: JSONField, _ operation: inout RecordedOperation
    ) throws(SourceProblem) {
        let raw = UInt64(try field["gfp"].count())
        let (flags, unknown) = layout.flags(fromKernelValue: raw)
        guard unknown == 0 else { throw try field["gfp"].failure("bits 0x\(String(unknown, radix: 16)) are no flags") }
        operation.gfp = flags
        operation.order = Order(try field.optional("order")?.count(63) ?? 0)
        operation.node = try field.optional("nid").map { nid throws(SourceProblem) in NodeID(try nid.count(1023)) }
        operation.frame = try field.optional("pfn")?.frame
        operation.allocFlags = AllocFlags(rawValue: UInt32(try field.optional("alloc_flags")?.count() ?? 0))
        if let node = field.optional("node"), let zone = field.optional("zone") {
            operation.servedBy = ZoneReference(
                node: NodeID(try node.count(1023)), kind: try states.zoneKind(zone))
        }
        if let mask = field.optional("nodemask") {
            let bits = UInt64(try mask.count(Int.max))
            if maskPositions[bits] == nil {
                maskPositions[bits] = nodemasks.count
                nodemasks.append(NodeMask((0..<64).filter { bits >> $0 & 1 == 1 }.map { NodeID($0) }))
            }
            operation.nodemask = maskPositions[bits]
        }
    }

    private mutating func readEvent(_ event: JSONField) throws(SourceProblem) {
        let parts = try event.elements
        guard let first = parts.first else { throw event.failure("an event without a name") }
        let name = try first.string
        func number(_ index: Int) throws(SourceProblem) -> UInt64 {
            guard index < parts.count else {
                throw event.failure("\"\(name)\" needs more than \(parts.count - 1) values")
            }
            return UInt64(try parts[index].count(1 << 52))
        }
        func type(_ index: Int) throws(SourceProblem) -> UInt64 {
            UInt64(try states.type(Int(try number(index)), event).rawValue)
        }
        func frames(_ index: Int) throws(SourceProblem) -> [JSONField] {
            guard index < parts.count else { throw event.failure("\"\(name)\" lacks its page frames") }
            return try parts[index].elements
        }
        switch name {
        case "zone_locked":
            for frame in try frames(4) {
                words += [EventWords.tookBlock.rawValue, try number(1), try type(2), try number(3)]
                words.append(try frame.frame.rawValue)
            }
        case "pcpu_drain":
            for frame in try frames(3) {
                words += [EventWords.drained.rawValue, try number(1), try type(2), try frame.frame.rawValue]
            }
        case "extfrag":
            words += [
                EventWords.fellBack.rawValue, try number(1), try number(2), try number(3), try type(4), try type(5),
                try type(6),
            ]
        case "attempt": words += [EventWords.walk.rawValue, try number(3)]
        case "wake_kswapd":
            words += [EventWords.wakeKswapd.rawValue, try number(1), try number(2), try number(3), try number(4)]
        case "alloc", "free": break  // Live mode: the requester's own reclaim at work.
        default: throw first.failure("\"\(name)\" is no event known here")
        }
    }
}
