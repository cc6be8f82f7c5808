import Topology

extension CPUID {
    /// One more than the highest CPU number that a text may have; kernels stop at 8192 (CONFIG_NR_CPUS).
    static var limit: Int { 1 << 16 }
}
