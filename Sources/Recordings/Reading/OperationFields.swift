import BuddyEngine
import GFP
import PageAllocator
import Topology

/// The members of an operation, in whatever order they were; nil if missing or null.
struct OperationFields {
    /// Where the operation begins in the text.
    var offset: Int
    var verb: OperationVerb?
    var id: Int?
    var cpu: CPUID?
    var gfp: (bits: UInt64, offset: Int)?
    var order: (number: Int, offset: Int)?
    var nid: NodeID?
    var frame: PageFrameNumber?
    var node: NodeID?
    var zone: ZoneKind?
    var result: Result?
    var nodemask: UInt64?
    /// Page frames that a bulk request returned, in ``OperationReader/bulkFrames``.
    var frames: Range<Int>?
    var count: Int?
    var state: String?
    var flags: Int?
    var isOn: Bool?
    var allocFlags: AllocFlags = []

    /// An unusual result of an operation.
    enum Result {
        /// The module did not make the request.
        case skipped
        /// There was nothing to act on.
        case other
    }
}
