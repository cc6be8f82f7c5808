import BuddyEngine
import GFP
import SourceText
import Topology

/// Why a machine cannot be built from a topology or snapshot.
public enum MachineError: Error, Hashable, Sendable {
    case noMemory
    case noCPU
    /// The description contains something that no machine can have.
    case impossible(SourceProblem)
    /// A zone spans more pages than the tables can index.
    case spanTooLarge(ZoneReference, pages: Int)
    /// A zone ends beyond the highest page frame.
    case frameTooHigh(ZoneReference, PageFrame)
    /// A page frame is in two zones.
    case overlap(ZoneReference, ZoneReference, PageFrame)
    /// The free lists cannot have blocks of these sizes.
    case unsupportedOrders(maximum: Order, pageblock: Order)
    /// A zone kind that the architecture's kernels are not configured with.
    case unknownZone(ZoneReference, Architecture)
    /// A free block is misaligned, outside its zone, or listed twice.
    case impossibleBlock(ZoneReference, frame: PageFrame, order: Order)
    /// More free pages than the zone manages.
    case moreFreeThanManaged(ZoneReference, free: Int, managed: Int)
    /// More free blocks are known by number only than can be placed, in all zones together.
    case tooManyBlocks(Int, limit: Int)
    case inconsistent(ZoneReference, String)
    /// A changed rule does not exist, or cannot have that value.
    case impossibleRule(RuleError)
}

extension MachineError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noMemory:
            "the machine has no memory: give at least one node a memory range"
        case .noCPU:
            "the machine has no CPU: requests come from CPUs, so give at least one node one"
        case .impossible(let problem):
            problem.path.components.isEmpty ? problem.message : "\(problem.path): \(problem.message)"
        case .spanTooLarge(let zone, let pages):
            "node \(zone.node) zone \(zone.kind) spans \(pages) pages, more than the \(BuddySpan.largestSpan) that one zone "
                + "can have; split the memory over more nodes"
        case .frameTooHigh(let zone, let frame):
            "node \(zone.node) zone \(zone.kind) ends at page frame \(frame): page frames end at "
                + "\(Machine.frameLimit), well beyond the address bits that processors have"
        case .overlap(let zone, let other, let frame):
            "page frame \(frame) is in zone \(zone.kind) of node \(zone.node) and in zone \(other.kind) of node "
                + "\(other.node): ranges of zones may not overlap"
        case .unsupportedOrders(let maximum, let pageblock):
            "largest blocks of order \(maximum) and pageblocks of order \(pageblock) are not supported: the largest order "
                + "is 1 to 13, a pageblock's 1 up to that"
        case .unknownZone(let zone, let architecture):
            "node \(zone.node) has a zone \(zone.kind), which \(architecture.rawValue) kernels do not have"
        case .impossibleBlock(let zone, let frame, let order):
            "node \(zone.node) zone \(zone.kind): a free block of order \(order) at page frame \(frame) is misaligned, "
                + "outside the zone, or overlaps another"
        case .moreFreeThanManaged(let zone, let free, let managed):
            "node \(zone.node) zone \(zone.kind): \(free) pages are free, but only \(managed) are managed"
        case .tooManyBlocks(let blocks, let limit):
            "there are \(blocks) free blocks below the largest order of which only the number is known, and at most "
                + "\(limit) are given places; a snapshot that lists them has no such limit"
        case .inconsistent(let zone, let what):
            "node \(zone.node) zone \(zone.kind): \(what)"
        case .impossibleRule(let error):
            error.description
        }
    }
}
