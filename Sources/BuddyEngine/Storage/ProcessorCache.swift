import CPrefetch

/// The processor's caches: for callers that know some steps ahead which memory will be needed.
public enum ProcessorCache {
    /// Asks for the line of an address to be brought near, to be written soon. Nothing is read, so any address will do.
    @inlinable @inline(__always)
    public static func bring(_ address: UnsafeRawPointer) { numazones_prefetch(address) }
}
