import BuddyEngine
import GFP
import Topology

/// Something that happened in a machine, as reported to its observers.
public enum MachineEvent: Hashable, Sendable {
    case lists(FreeListChange)
    case perCPU(PerCPUChange)
    case fellBack(FallbackEvent)
    /// A walk over the zonelist began, or began again without ALLOC_NOFRAGMENT.
    case walk(AllocFlags, isRestart: Bool)
    case judged(ZoneLook)
    case passedOver(ZoneReference, PassOverReason)
    case kswapd(KswapdWake)
    case kswapdSlept(NodeID)
    case kcompactd(KcompactdWake)
    case kcompactdSlept(NodeID)
    case reclaimed(ReclaimCall, freed: Int)
    case compacted(CompactionEvent)
    case outOfMemory(OutOfMemoryEvent)
    /// The boost of a zone's watermarks changed to so many pages.
    case boosted(ZoneReference, pages: Int)
}
