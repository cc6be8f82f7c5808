#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Threads that do one piece of work side by side until none is left.
package struct WorkerThreads: Sendable {
    private let running: Monitor<Int>

    /// Starts the threads. Where the system gives none at all, the work is done before this returns.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - stackSize: Bytes of each one's stack.
    ///   - work: What each does, to its end.
    package init(_ count: Int, stackSize: Int, _ work: @escaping @Sendable () -> Void) {
        running = Monitor(0)
        let running = running
        var started = 0
        for _ in 0..<count {
            running.change { $0 += 1 }
            let body = ThreadBody {
                work()
                running.change { $0 -= 1 }
            }
            if body.start(stackSize: stackSize) { started += 1 } else { running.change { $0 -= 1 } }
        }
        if started == 0, count > 0 { work() }
    }

    /// Waits until all have come to their end.
    ///
    /// - Returns: False if the time is over before.
    package func wait(milliseconds: Int) -> Bool {
        running.wait(milliseconds: milliseconds) { $0 == 0 ? true : nil } ?? false
    }
}

/// What a thread is handed.
private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }

    /// - Returns: False if there can be no more threads.
    func start(stackSize: Int) -> Bool {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackSize)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let handed = Unmanaged.passRetained(self)
        let failure = pthread_create(&thread, &attributes, runThreadBody, handed.toOpaque())
        if failure != 0 { handed.release() }
        return failure == 0
    }
}

private func runThreadBody(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let argument { Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run() }
    return nil
}
