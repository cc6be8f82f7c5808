import KernelShapedComparator
import Workloads

extension Workload {
    /// The time of the measured operations on `side`, from a zone made for this call.
    ///
    /// - Parameter build: Which comparator, where that is the side.
    public func time(on side: SideName, _ build: ComparatorBuild = .builtIn) -> Duration {
        withHeld { held in
            preparation.withUnsafeBufferPointer { preparation in
                measured.withUnsafeBufferPointer { measured in
                    switch side {
                    case .comparator:
                        let side = ComparatorSide(self, build)
                        _ = side.hashed(preparation, held: held, hash: 0)
                        let start = ProcessorTime.now
                        side.measuredOperations(measured, held: held)
                        return ProcessorTime.now - start
                    case .engine:
                        return time(EngineSide(self), preparation, measured, held)
                    case .ahead:
                        return time(EngineAheadSide(self), preparation, measured, held)
                    case .path:
                        return time(PathSide(self), preparation, measured, held)
                    }
                }
            }
        }
    }

    /// A hash of every answer of `side`, in order: equal hashes are equal page frames.
    public func answers(of side: SideName) -> UInt64 {
        withHeld { held in
            preparation.withUnsafeBufferPointer { preparation in
                measured.withUnsafeBufferPointer { measured in
                    switch side {
                    case .comparator:
                        let side = ComparatorSide(self)
                        return side.hashed(measured, held: held, hash: side.hashed(preparation, held: held, hash: 0))
                    case .engine:
                        return answers(EngineSide(self), preparation, measured, held)
                    case .ahead:
                        return answers(EngineAheadSide(self), preparation, measured, held)
                    case .path:
                        return answers(PathSide(self), preparation, measured, held)
                    }
                }
            }
        }
    }

    private func time(
        _ side: consuming some Side & ~Copyable, _ preparation: UnsafeBufferPointer<Operation>,
        _ measured: UnsafeBufferPointer<Operation>, _ held: UnsafeMutablePointer<UInt64>
    ) -> Duration {
        _ = side.hashed(preparation, held: held, hash: 0)
        let start = ProcessorTime.now
        side.measuredOperations(measured, held: held)
        let time = ProcessorTime.now - start
        // Giving the tables back to the system is not part of it.
        _ = consume side
        return time
    }

    private func answers(
        _ side: consuming some Side & ~Copyable, _ preparation: UnsafeBufferPointer<Operation>,
        _ measured: UnsafeBufferPointer<Operation>, _ held: UnsafeMutablePointer<UInt64>
    ) -> UInt64 {
        let hash = side.hashed(preparation, held: held, hash: 0)
        return side.hashed(measured, held: held, hash: hash)
    }

    private func withHeld<Result>(_ body: (UnsafeMutablePointer<UInt64>) -> Result) -> Result {
        let held = UnsafeMutablePointer<UInt64>.allocate(capacity: slots)
        held.initialize(repeating: comparator_refused, count: slots)
        defer { held.deallocate() }
        return body(held)
    }
}
