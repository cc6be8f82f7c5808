import BuddyEngine
import GFP
import PageAllocator
import SourceText
import Topology

/// Reads a recording's operations one by one, straight from the text.
struct OperationReader {
    let states: StateReader
    let layout: GFPLayout
    private(set) var operations: [RecordedOperation] = []
    private(set) var bulkFrames: [PageFrameNumber] = []
    private(set) var nodemasks: [NodeMask] = []
    private(set) var dumpNames: [String] = []
    /// Where the operations are that ``dumpNames`` belong to.
    private(set) var dumpOffsets: [Int] = []
    var events: RecordedEventReader
    private var maskPositions: [UInt64: Int] = [:]
    /// The last flags read: most requests have the same.
    private var lastFlags: (bits: UInt64, flags: GFPFlags)?
    private let keys = NameFinder<OperationKey>()
    private let verbs = NameFinder<OperationVerb>()

    init(states: StateReader, layout: GFPLayout) {
        self.states = states
        self.layout = layout
        events = RecordedEventReader(states: states)
    }

    /// Reads the operation that comes next.
    mutating func read(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) {
        let start = events.words.count
        let fields = try readFields(&scanner)
        var operation = try operation(fields)
        operation.events = start..<events.words.count
        operations.append(operation)
    }

    private mutating func readFields(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) -> OperationFields {
        var fields = OperationFields(offset: try scanner.offset())
        try scanner.enterObject()
        while let name = try scanner.nextName() {
            guard let key = keys[name] else {
                try scanner.skip()
                continue
            }
            guard try !scanner.takeNull() else { continue }
            switch key {
            case .op: fields.verb = try readVerb(&scanner)
            case .id: fields.id = try scanner.count()
            case .cpu: fields.cpu = CPUID(try scanner.count(8191))
            case .gfp:
                let offset = try scanner.offset()
                fields.gfp = (UInt64(try scanner.count()), offset)
            case .order:
                let offset = try scanner.offset()
                fields.order = (try scanner.integer(), offset)
            case .nid: fields.nid = NodeID(try scanner.count(1023))
            case .pfn: fields.frame = try scanner.frame()
            case .node: fields.node = NodeID(try scanner.count(1023))
            case .zone: fields.zone = states.kinds[try scanner.count(states.kinds.count - 1)]
            case .result: fields.result = try readResult(&scanner)
            case .nodemask: fields.nodemask = UInt64(try scanner.count(Int.max))
            case .pfns:
                let start = bulkFrames.count
                try scanner.enterList()
                while try scanner.nextElement() { bulkFrames.append(try scanner.frame()) }
                fields.frames = start..<bulkFrames.count
            case .count: fields.count = try scanner.count(1 << 20)
            case .state: fields.state = try scanner.string()
            case .flags: fields.flags = try scanner.count(3)
            case .on: fields.isOn = try scanner.integer() != 0
            case .allocFlags: fields.allocFlags = AllocFlags(rawValue: UInt32(try scanner.count()))
            case .events:
                try scanner.enterList()
                while try scanner.nextElement() { try events.read(&scanner) }
            }
        }
        return fields
    }

    private func readVerb(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) -> OperationVerb {
        let text = try scanner.text()
        guard let verb = verbs[text] else {
            throw .init(offset: text.offset, message: "\"\(text.text)\" is not an operation known here")
        }
        return verb
    }

    private func readResult(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) -> OperationFields.Result {
        switch try scanner.value().string {
        // The module did not make the request.
        case "skip", "bad": .skipped
        case _: .other
        }
    }

    // MARK: - What the members mean

    private mutating func operation(_ fields: OperationFields) throws(JSONScanner.Failure) -> RecordedOperation {
        var operation = RecordedOperation(action: .drain, id: fields.id ?? -1, cpu: fields.cpu ?? 0)
        let isMet = fields.result == nil
        switch try fields.needed(fields.verb, "op") {
        case .alloc, .xalloc:
            try takeRequest(fields, into: &operation)
            operation.action = fields.result == .skipped ? .skip : .allocate
        case .free, .xfree:
            operation.action = isMet ? .free : .freeNothing
            operation.frame = fields.frame
            operation.order = try fields.order(13)
        case .split: operation.action = isMet ? .split : .freeNothing
        case .freesub:
            operation.action = isMet ? .freePart : .freeNothing
            operation.frame = fields.frame
        case .bulk:
            try takeRequest(fields, into: &operation)
            let count = try fields.needed(fields.count, "n")
            operation.action = .bulk(count: count, frames: fields.frames ?? bulkFrames.count..<bulkFrames.count)
            if fields.result == .skipped { operation.action = .skip }
        case .drain: operation.action = .drain
        case .dump:
            operation.action = .dump(name: dumpNames.count)
            dumpNames.append(try fields.needed(fields.state, "state"))
            dumpOffsets.append(fields.offset)
        case .task:
            operation.action = .task(.init(rawValue: UInt8(try fields.needed(fields.flags, "flags"))))
        case .reclaimActive:
            let zone = ZoneReference(
                node: try fields.needed(fields.nid, "nid"), kind: try fields.needed(fields.zone, "zone"))
            operation.action = .reclaimActive(zone, try fields.needed(fields.isOn, "on"))
        }
        return operation
    }

    private mutating func takeRequest(
        _ fields: OperationFields, into operation: inout RecordedOperation
    ) throws(JSONScanner.Failure) {
        operation.gfp = try flags(fields)
        operation.order = try fields.order(63)
        operation.node = fields.nid
        operation.frame = fields.frame
        operation.allocFlags = fields.allocFlags
        if let node = fields.node, let zone = fields.zone {
            operation.servedBy = ZoneReference(node: node, kind: zone)
        }
        if let bits = fields.nodemask { operation.nodemask = position(ofNodemask: bits) }
    }

    private mutating func flags(_ fields: OperationFields) throws(JSONScanner.Failure) -> GFPFlags {
        let (bits, offset) = try fields.needed(fields.gfp, "gfp")
        if let lastFlags, lastFlags.bits == bits { return lastFlags.flags }
        let (flags, unknown) = layout.flags(fromKernelValue: bits)
        guard unknown == 0 else {
            throw .init(offset: offset, message: "bits 0x\(String(unknown, radix: 16)) are not flags")
        }
        lastFlags = (bits, flags)
        return flags
    }

    private mutating func position(ofNodemask bits: UInt64) -> Int {
        if let position = maskPositions[bits] { return position }
        maskPositions[bits] = nodemasks.count
        nodemasks.append(NodeMask((0..<64).filter { bits >> $0 & 1 == 1 }.map { NodeID($0) }))
        return nodemasks.count - 1
    }
}

extension OperationFields {
    /// A member that the operation requires.
    fileprivate func needed<Value>(_ value: Value?, _ name: String) throws(JSONScanner.Failure) -> Value {
        guard let value else { throw .init(offset: offset, message: "\"\(name)\" is missing") }
        return value
    }

    fileprivate func order(_ limit: Int) throws(JSONScanner.Failure) -> Order {
        guard let order else { return 0 }
        guard (0...limit).contains(order.number) else {
            throw .init(offset: order.offset, message: "\(order.number) is not in 0...\(limit)")
        }
        return Order(order.number)
    }
}

extension JSONScanner {
    /// A page frame number below 2^52.
    mutating func frame() throws(Failure) -> PageFrameNumber {
        PageFrameNumber(rawValue: UInt64(try count(1 << 52)))
    }
}
