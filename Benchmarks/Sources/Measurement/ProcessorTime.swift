#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The time that this thread has run, without what other programs took of the machine meanwhile.
struct ProcessorTime {
    private let sinceStart: Duration

    static var now: ProcessorTime {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return ProcessorTime(sinceStart: .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec))
    }

    static func - (later: Self, earlier: Self) -> Duration { later.sinceStart - earlier.sinceStart }
}
