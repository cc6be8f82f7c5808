#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Threads that all run the same function.
package struct WorkerThreads: Sendable {
    private let running: Monitor<Int>

    /// Starts the threads. If the system allows none at all, the function is run before this returns.
    ///
    /// - Parameters:
    ///   - count: The number of threads.
    ///   - stackSize: The stack of each thread, in bytes.
    ///   - work: The function.
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

    /// Waits until all threads have ended.
    ///
    /// - Parameters:
    ///   - milliseconds: The longest wait.
    /// - Returns: False if the time has passed before.
    package func wait(milliseconds: Int) -> Bool {
        running.wait(milliseconds: milliseconds) { $0 == 0 ? true : nil } ?? false
    }
}

/// The argument of a thread.
private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }

    /// Starts a thread.
    ///
    /// - Returns: False if no further thread is possible.
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
