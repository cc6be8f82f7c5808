import BuddyEngine
import GFP
import Topology

/// The results of many equal requests.
public struct AllocationTally: Hashable, Sendable {
    /// How many were served.
    public var served = 0
    /// How many were refused.
    public var refused = 0
    /// Zones in the order in which they first served.
    public var landings: [Landing] = []
    /// The first blocks, in order, as many as were to be kept.
    public var firstFrames: [PageFrame] = []

    /// The requests that one zone served.
    public struct Landing: Hashable, Sendable {
        /// The zone.
        public var zone: ZoneReference
        /// How many requests.
        public var requests: Int
        /// The number of the first of these requests, from 1.
        public var firstRequest: Int
        /// The lowest page frame given.
        public var lowestFrame: PageFrame
        /// The highest page frame given.
        public var highestFrame: PageFrame
    }

    public init() {}

    /// Counts an explained request.
    ///
    /// - Parameters:
    ///   - explanation: The request and its result.
    ///   - kept: How many of the first page frames to keep.
    public mutating func add(_ explanation: Explanation, keeping kept: Int = 0) {
        guard case .served(let service) = explanation.outcome else {
            refused += 1
            return
        }
        if firstFrames.count < kept { firstFrames.append(service.frame) }
        count(service.frame, in: service.zone, request: served + refused + 1)
    }

    mutating func count(_ frame: PageFrame, in zone: ZoneReference, request: Int) {
        served += 1
        if let index = landings.firstIndex(where: { $0.zone == zone }) {
            landings[index].requests += 1
            landings[index].lowestFrame = min(landings[index].lowestFrame, frame)
            landings[index].highestFrame = max(landings[index].highestFrame, frame)
        } else {
            landings.append(
                Landing(zone: zone, requests: 1, firstRequest: request, lowestFrame: frame, highestFrame: frame))
        }
    }
}

extension Machine {
    /// Makes the same request again and again.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - count: How often; nil: until it is refused.
    ///   - kept: How many of the first page frames to keep.
    ///   - shouldContinue: Called from time to time with the number of requests made so far; returning false stops.
    /// - Precondition: As for ``allocate(_:)``.
    public mutating func allocateRepeatedly(
        _ request: AllocationRequest, count: Int?, keeping kept: Int = 0, shouldContinue: (Int) -> Bool = { _ in true }
    ) -> AllocationTally {
        var nobody: TaskPlacement?
        return allocateRepeatedly(request, by: &nobody, count: count, keeping: kept, shouldContinue: shouldContinue)
    }

    /// The same for a task with a policy or a cpuset.
    public mutating func allocateRepeatedly(
        _ request: AllocationRequest, by task: inout TaskPlacement?, count: Int?, keeping kept: Int = 0,
        shouldContinue: (Int) -> Bool = { _ in true }
    ) -> AllocationTally {
        var tally = AllocationTally()
        var number = 0
        while number < count ?? .max {
            if number & 0xFFFF == 0xFFFF, !shouldContinue(number) { break }
            number += 1
            guard let frame = serve(request, &task), let zone = segments.zone(of: frame) else {
                tally.refused += 1
                if count == nil { break }
                continue
            }
            if tally.firstFrames.count < kept { tally.firstFrames.append(frame) }
            tally.count(frame, in: zones[zone].reference, request: number)
        }
        return tally
    }

    private mutating func serve(_ request: AllocationRequest, _ task: inout TaskPlacement?) -> PageFrame? {
        guard var own = task else { return allocate(request) }
        defer { task = own }
        return allocate(request, by: &own)
    }
}
