#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The number of bytes before the next line end; nil if there is none.
@inline(__always)
func lineEnd(_ base: UnsafePointer<UInt8>, _ count: Int) -> Int? {
    guard count > 0, let found = memchr(base, 10, count) else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
}
