import SourceText
import BuddyEngine
import Topology

/// Checks what operations name before any is made: nodes, CPUs and zones that the machine has, and blocks that the
/// recording itself says were got and are still held.
///
/// A replay follows a recording blindly, so one that lies (a free of what was never got, of another size, or twice) would
/// break the machine instead of differing from it.
struct OperationCheck {
    private let machine: MachineReferences
    private let states: Set<String>
    /// What the recording says its IDs hold.
    private var blocks: [Int: Block] = [:]

    private struct Block {
        var frame: PageFrameNumber
        var order: Order
        /// After a split: its pages that are not free yet.
        var pages: Set<PageFrameNumber>?
    }

    init(_ before: Snapshot, middle: Set<String>) {
        machine = MachineReferences(before.topology, zones: before.zones.map(\.span).filter { $0.present > 0 })
        states = middle
    }

    /// - Throws: `SourceProblem` at the operation's place.
    mutating func checkLast(of reader: OperationReader, at field: JSONField) throws(SourceProblem) {
        guard let operation = reader.operations.last else { return }
        do {
            try check(operation, reader)
        } catch { throw field.failure(error.description) }
    }

    private mutating func check(
        _ operation: RecordedOperation, _ reader: OperationReader
    ) throws(MachineReferences.Unknown) {
        switch operation.action {
        case .skip, .freeNothing, .task: break
        case .allocate:
            try checkRequest(operation)
            guard let frame = operation.frame else { break }
            try machine.check(frame, operation.order)
            blocks[operation.id] = Block(frame: frame, order: operation.order)
        case .bulk(_, let frames):
            try checkRequest(operation)
            for (offset, frame) in reader.bulkFrames[frames].enumerated() {
                try machine.check(frame, 0)
                blocks[operation.id + offset] = Block(frame: frame, order: 0)
            }
        case .free: try free(operation)
        case .split:
            guard let block = blocks[operation.id], block.pages == nil else {
                throw .init(description: "ID \(operation.id) holds no block that could be split")
            }
            blocks[operation.id]?.pages = Set((0..<block.order.pages).map { block.frame + $0 })
        case .freePart:
            try machine.check(operation.cpu)
            guard let frame = operation.frame, blocks[operation.id]?.pages?.remove(frame) != nil else {
                throw .init(description: "ID \(operation.id) holds no split block of which this page is left")
            }
        case .drain: try machine.check(operation.cpu)
        case .reclaimActive(let zone, _): try machine.check(zone)
        case .dump(let name):
            guard states.contains(reader.dumpNames[name]) else {
                throw .init(description: "the recording has no state \"\(reader.dumpNames[name])\"")
            }
        }
    }

    private func checkRequest(_ operation: RecordedOperation) throws(MachineReferences.Unknown) {
        try machine.check(operation.cpu)
        if let node = operation.node { try machine.check(node) }
    }

    private mutating func free(_ operation: RecordedOperation) throws(MachineReferences.Unknown) {
        try machine.check(operation.cpu)
        guard let frame = operation.frame else { return }
        guard let block = blocks.removeValue(forKey: operation.id), block.pages == nil else {
            throw .init(description: "ID \(operation.id) holds no block that could be freed")
        }
        guard block.frame == frame, block.order == operation.order else {
            throw .init(
                description: "ID \(operation.id) holds page frame \(block.frame), order \(block.order), not "
                    + "\(frame), order \(operation.order)")
        }
    }
}
