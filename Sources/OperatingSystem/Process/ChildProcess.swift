import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A process that has ended, with its output.
package struct ChildProcess {
    /// Its standard output.
    package let output: [UInt8]
    /// Its standard error.
    package let errors: [UInt8]
    /// Its exit code; 128 plus the signal's number if a signal ended it, as shells report it.
    package let status: Int32

    /// Whether it was ended because it took too much CPU time (setrlimit(2)).
    package var ranOutOfTime: Bool { status == 128 + SIGXCPU || status == 128 + SIGKILL }

    /// The path of a program in the search path; nil: there is none with that name.
    ///
    /// - Parameters:
    ///   - name: The program's name.
    package static func find(_ name: String) -> String? {
        (ThisProcess.variable("PATH") ?? "/usr/bin:/bin").split(separator: ":").map { "\($0)/\(name)" }
            .first { FileSystem.isProgram($0) }
    }

    /// Runs a program with empty standard input and waits for its end.
    ///
    /// - Parameters:
    ///   - program: The program's path.
    ///   - arguments: Its arguments, without its name.
    /// - Throws: `Errno` if it cannot be started.
    package init(_ program: String, _ arguments: [String]) throws {
        let (output, errors) = (try FileDescriptor.pipe(), try FileDescriptor.pipe())
        defer { for end in [output.readEnd, errors.readEnd] { try? end.close() } }
        let process: pid_t
        do {
            defer { for end in [output.writeEnd, errors.writeEnd] { try? end.close() } }
            process = try Self.start(program, arguments, [output, errors].map { ($0.readEnd, $0.writeEnd) })
        }
        let texts = Self.readAll([output.readEnd, errors.readEnd])
        (self.output, self.errors) = (texts[0], texts[1])
        status = Self.wait(for: process)
    }

    /// Runs a process that the caller starts, such as one for a C library that may crash on its input, and waits for
    /// its end.
    ///
    /// - Parameters:
    ///   - longest: The largest output in bytes; a process that writes more is killed.
    ///   - start: Starts the process with one end of a pipe to close and one to write to; returns its process ID, or
    ///     -1.
    /// - Throws: `Errno` if it cannot be started.
    package init(longest: Int, _ start: (_ closes: Int32, _ writes: Int32) -> Int32) throws(Errno) {
        let pipe: (readEnd: FileDescriptor, writeEnd: FileDescriptor)
        do { pipe = try FileDescriptor.pipe() } catch { throw error as? Errno ?? .tooManyOpenFiles }
        defer { try? pipe.readEnd.close() }
        let process = start(pipe.readEnd.rawValue, pipe.writeEnd.rawValue)
        let failure = errno
        try? pipe.writeEnd.close()
        guard process > 0 else { throw Errno(rawValue: failure) }
        output = Self.readAll([pipe.readEnd], longest: longest)[0]
        errors = []
        if output.count > longest { kill(process, SIGKILL) }
        status = Self.wait(for: process)
    }

    private static func wait(for process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - program: The program's path.
    ///   - arguments: Its arguments, without its name.
    ///   - pipes: The pipes that become its standard output and standard error.
    private static func start(
        _ program: String, _ arguments: [String], _ pipes: [(read: FileDescriptor, write: FileDescriptor)]
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        for (number, pipe) in zip(1..., pipes) {
            posix_spawn_file_actions_adddup2(&actions, pipe.write.rawValue, Int32(number))
        }
        for descriptor in pipes.flatMap({ [$0.read, $0.write] }) where descriptor.rawValue > 2 {
            posix_spawn_file_actions_addclose(&actions, descriptor.rawValue)
        }
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process: pid_t = 0
        let failure = posix_spawn(&process, program, &actions, nil, &words, environ)
        guard failure == 0 else { throw Errno(rawValue: failure) }
        return process
    }

    /// Reads several pipes as they fill, because one that is not read would stop its writer. A pipe with more than
    /// `longest` bytes is not read any further.
    private static func readAll(_ pipes: [FileDescriptor], longest: Int = .max) -> [[UInt8]] {
        var texts = [[UInt8]](repeating: [], count: pipes.count)
        var open = Set(pipes.indices)
        while !open.isEmpty {
            var waits = pipes.enumerated().map { index, pipe in
                pollfd(fd: open.contains(index) ? pipe.rawValue : -1, events: Int16(POLLIN), revents: 0)
            }
            guard poll(&waits, nfds_t(waits.count), -1) >= 0 || errno == EINTR else { break }
            for index in open where waits[index].revents != 0 {
                let part = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
                    count = (try? pipes[index].read(into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
                }
                texts[index] += part
                if part.isEmpty || texts[index].count > longest { open.remove(index) }
            }
        }
        return texts
    }
}
