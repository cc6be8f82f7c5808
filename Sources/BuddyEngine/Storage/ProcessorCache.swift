import CPrefetch

/// The processor's caches: for callers that know some steps ahead which memory will be needed.
public enum ProcessorCache {
    /// Prefetches the cache line of an address for writing. Nothing is read, so any address is allowed.
    @inlinable @inline(__always)
    public static func bring(_ address: UnsafeRawPointer) { numazones_prefetch(address) }
}
