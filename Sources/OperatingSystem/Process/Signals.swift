#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What becomes of signals.
package enum Signals {
    /// From now on writing to a pipe that nobody reads fails, in place of ending the program.
    package static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

    /// From now on the first interrupt (Ctrl-C) calls a handler, which must do no more than a signal's handler may; a second
    /// one ends the program as ever.
    package static func catchInterrupt(_ handler: @escaping @convention(c) (Int32) -> Void) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = handler
        // SA_RESETHAND of <asm-generic/signal-defs.h>, whose type C's headers leave to the compiler.
        action.sa_flags = Int32(bitPattern: 0x8000_0000)
        sigaction(SIGINT, &action, nil)
        // Whoever starts a program from a worker thread hands down the worker's mask, and a blocked interrupt never comes.
        var interrupt = sigset_t()
        sigemptyset(&interrupt)
        sigaddset(&interrupt, SIGINT)
        pthread_sigmask(SIG_UNBLOCK, &interrupt, nil)
    }
}
