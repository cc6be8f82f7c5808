import KernelShapedComparator
import Workloads

/// The comparator. Its loop over the operations is in C too, so that it pays for no border.
struct ComparatorSide: ~Copyable {
    private let zone: OpaquePointer
    private let build: ComparatorBuild

    init(_ workload: Workload, _ build: ComparatorBuild = .builtIn) {
        self.build = build
        guard let zone = build.create(Workload.firstFrame, UInt64(workload.pages)) else {
            fatalError("no memory for the comparator's \(workload.pages * 64) bytes of page records")
        }
        self.zone = zone
    }

    deinit { build.destroy(zone) }

    @inline(never)
    func measuredOperations(_ operations: UnsafeBufferPointer<Operation>, held: UnsafeMutablePointer<UInt64>) {
        operations.withMemoryRebound(to: UInt32.self) { build.run(zone, $0.baseAddress, $0.count, held) }
    }

    func hashed(
        _ operations: UnsafeBufferPointer<Operation>, held: UnsafeMutablePointer<UInt64>, hash: UInt64
    ) -> UInt64 {
        operations.withMemoryRebound(to: UInt32.self) {
            build.runHashed(zone, $0.baseAddress, $0.count, held, hash)
        }
    }
}
