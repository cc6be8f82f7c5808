import SourceText
import BuddyEngine
import Topology

/// Checks what operations name before any is made: nodes, CPUs and zones must be the machine's, and blocks must have
/// been allocated in the recording and be in use.
///
/// A replay follows a recording blindly, so an inconsistent one (which frees what was never allocated, with another
/// size, or twice) would break the machine instead of differing from it.
struct OperationCheck {
    private let machine: MachineReferences
    /// Which block each ID stands for: in a table, since IDs are small numbers, or a dictionary for others.
    private var table: [Block?] = []
    private var others: [Int: Block] = [:]
    /// The pages left of blocks that were split, by ID.
    private var pages: [Int: Set<PageFrameNumber>] = [:]

    private struct Block {
        var frame: PageFrameNumber
        var order: Order
        /// Whether the block was split; ``OperationCheck/pages`` then has the pages still in use.
        var isSplit = false
    }

    /// IDs below this are in the table.
    private static let tableLimit = 1 << 22

    init(_ before: Snapshot) {
        machine = MachineReferences(before.topology, zones: before.zones.map(\.span).filter { $0.present > 0 })
    }

    /// Checks the last operation read, which is at `offset` in the text.
    mutating func checkLast(of reader: OperationReader, at offset: Int) throws(JSONScanner.Failure) {
        guard let operation = reader.operations.last else { return }
        do throws(MachineReferences.Unknown) {
            try check(operation, reader.bulkFrames)
        } catch { throw .init(offset: offset, message: error.description) }
    }

    private subscript(id: Int) -> Block? {
        get { table.indices.contains(id) ? table[id] : others[id] }
        set {
            if table.indices.contains(id) {
                table[id] = newValue
            } else if (0..<Self.tableLimit).contains(id), id <= 2 * table.count + 64 {
                let more = max(id + 1 - table.count, table.count)
                table.append(contentsOf: repeatElement(nil, count: more))
                for (id, block) in others where table.indices.contains(id) {
                    table[id] = block
                    others[id] = nil
                }
                table[id] = newValue
            } else {
                others[id] = newValue
            }
        }
    }

    private mutating func check(
        _ operation: RecordedOperation, _ bulkFrames: [PageFrameNumber]
    ) throws(MachineReferences.Unknown) {
        switch operation.action {
        case .skip, .freeNothing, .task, .dump: break
        case .allocate:
            try checkRequest(operation)
            guard let frame = operation.frame else { break }
            try machine.check(frame, operation.order)
            self[operation.id] = Block(frame: frame, order: operation.order)
        case .bulk(_, let frames):
            try checkRequest(operation)
            for (offset, frame) in bulkFrames[frames].enumerated() {
                try machine.check(frame, 0)
                self[operation.id + offset] = Block(frame: frame, order: 0)
            }
        case .free: try free(operation)
        case .split:
            guard let block = self[operation.id], !block.isSplit else {
                throw .init(description: "ID \(operation.id) holds no block that could be split")
            }
            self[operation.id]?.isSplit = true
            pages[operation.id] = Set((0..<block.order.pages).map { block.frame + $0 })
        case .freePart:
            try machine.check(operation.cpu)
            guard let frame = operation.frame, self[operation.id]?.isSplit == true,
                pages[operation.id]?.remove(frame) != nil
            else {
                throw .init(description: "ID \(operation.id) holds no split block of which this page is left")
            }
        case .drain: try machine.check(operation.cpu)
        case .reclaimActive(let zone, _): try machine.check(zone)
        }
    }

    private func checkRequest(_ operation: RecordedOperation) throws(MachineReferences.Unknown) {
        try machine.check(operation.cpu)
        if let node = operation.node { try machine.check(node) }
    }

    private mutating func free(_ operation: RecordedOperation) throws(MachineReferences.Unknown) {
        try machine.check(operation.cpu)
        guard let frame = operation.frame else { return }
        guard let block = self[operation.id], !block.isSplit else {
            throw .init(description: "ID \(operation.id) holds no block that could be freed")
        }
        self[operation.id] = nil
        guard block.frame == frame, block.order == operation.order else {
            throw .init(
                description: "ID \(operation.id) holds page frame \(block.frame), order \(block.order), not "
                    + "\(frame), order \(operation.order)")
        }
    }
}
