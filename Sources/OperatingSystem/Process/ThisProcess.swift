import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The running process.
package enum ThisProcess {
    /// The value of an environment variable; nil: it is not set.
    ///
    /// - Parameters:
    ///   - name: Its name.
    package static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// Sets an environment variable unless it is set.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - value: Its value.
    package static func setDefault(_ name: String, to value: String) { setenv(name, value, 0) }

    /// The directory in which relative paths begin; nil if it has been removed.
    package static var directory: String? {
        guard let path = getcwd(nil, 0) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }

    /// The path of the program's own file.
    package static var program: String {
        guard let path = realpath("/proc/self/exe", nil) else { return CommandLine.arguments.first ?? "" }
        defer { free(path) }
        return String(cString: path)
    }

    /// The user's name, or the user's number if there is no name.
    package static var userName: String {
        guard let name = getpwuid(getuid())?.pointee.pw_name else { return "\(getuid())" }
        return String(cString: name)
    }

    /// The number of processors that the process may use (`Cpus_allowed` in proc_pid_status(5)); on a cluster these are
    /// fewer than the machine has.
    package static var processors: Int {
        let online = max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1)
        guard let descriptor = try? FileDescriptor.open("/proc/self/status", .readOnly, options: .closeOnExec) else {
            return online
        }
        defer { try? descriptor.close() }
        let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            count = (try? descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
        }
        let label = "Cpus_allowed:"
        let line = bytes.split(separator: 0x0A).first { $0.starts(with: label.utf8) } ?? []
        let mask = line.dropFirst(label.utf8.count)
        let allowed = mask.reduce(0) { $0 + (Character(UnicodeScalar($1)).hexDigitValue ?? 0).nonzeroBitCount }
        return allowed > 0 ? min(allowed, online) : online
    }

    /// Waits; a signal ends the wait early.
    ///
    /// - Parameters:
    ///   - milliseconds: The longest wait.
    package static func pause(milliseconds: Int) {
        var time = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
        nanosleep(&time, nil)
    }

    /// Ends the process with an exit code.
    package static func end(with status: Int32) -> Never { exit(status) }
}

/// The machine that this process runs on.
package enum ThisMachine {
    /// Its host name (gethostname(2)).
    package static var name: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The architecture as printed by `uname -m`; nil: the kernel does not say.
    package static var architecture: String? {
        var names = utsname()
        guard uname(&names) == 0 else { return nil }
        return withUnsafeBytes(of: &names.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// The page size, in bytes.
    package static var pageSize: Int { Int(sysconf(Int32(_SC_PAGESIZE))) }
}
