#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The handling of signals.
package enum Signals {
    /// Makes writing to a pipe without a reader fail instead of ending the program.
    package static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

    /// Makes the first interrupt (Ctrl-C) call a handler; a second one ends the program as usual.
    ///
    /// - Parameters:
    ///   - handler: The handler, which may call only what is allowed in signal handlers (signal-safety(7)).
    package static func catchInterrupt(_ handler: @escaping @convention(c) (Int32) -> Void) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = handler
        // SA_RESETHAND of <asm-generic/signal-defs.h>, which Swift does not import.
        action.sa_flags = Int32(bitPattern: 0x8000_0000)
        sigaction(SIGINT, &action, nil)
        // A program started from a worker thread inherits that thread's signal mask, in which interrupts may be
        // blocked.
        var interrupt = sigset_t()
        sigemptyset(&interrupt)
        sigaddset(&interrupt, SIGINT)
        pthread_sigmask(SIG_UNBLOCK, &interrupt, nil)
    }
}
