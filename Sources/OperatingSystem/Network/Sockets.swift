import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The system calls for sockets, none of which blocks except ``wait(for:milliseconds:)``.
package enum Sockets {
    #if canImport(Musl)
        private static let stream = SOCK_STREAM
    #else
        private static let stream = Int32(SOCK_STREAM.rawValue)
    #endif
    // SOCK_NONBLOCK and SOCK_CLOEXEC of <bits/socket_type.h>.
    private static let flags: Int32 = 0o4000 | 0o2000000

    /// Listens at an IPv4 address.
    ///
    /// - Parameters:
    ///   - address: The address, as in 127.0.0.1.
    ///   - port: The port; 0: any free one.
    /// - Returns: The socket and its port.
    /// - Throws: `Errno` if the address cannot be used.
    package static func listen(_ address: String, port: UInt16) throws(Errno) -> (socket: Int32, port: UInt16) {
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = port.bigEndian
        guard inet_pton(AF_INET, address, &place.sin_addr) == 1 else { throw .invalidArgument }
        let descriptor = socket(AF_INET, stream | flags, 0)
        guard descriptor >= 0 else { throw current }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutableBytes(of: &place) { bytes -> Int32 in
            let pointer = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
            guard let pointer, bind(descriptor, pointer, length) == 0, callListen(descriptor) == 0 else { return -1 }
            return getsockname(descriptor, pointer, &length)
        }
        guard status == 0 else {
            let failure = current
            close(descriptor)
            throw failure
        }
        return (descriptor, UInt16(bigEndian: place.sin_port))
    }

    /// Whether the text is a numeric IPv4 address.
    package static func isNumeric(_ address: String) -> Bool {
        var parsed = in_addr()
        return inet_pton(AF_INET, address, &parsed) == 1
    }

    private static func callListen(_ descriptor: Int32) -> Int32 {
        // The longest queue that net.core.somaxconn allows by default.
        #if canImport(Glibc)
            Glibc.listen(descriptor, 4096)
        #elseif canImport(Musl)
            Musl.listen(descriptor, 4096)
        #endif
    }

    private static func callAccept(_ listener: Int32) -> Int32 {
        #if canImport(Glibc)
            Glibc.accept(listener, nil, nil)
        #elseif canImport(Musl)
            Musl.accept(listener, nil, nil)
        #endif
    }

    /// Accepts the next connection; nil: there is none.
    package static func accept(_ listener: Int32) -> Int32? {
        let descriptor = callAccept(listener)
        guard descriptor >= 0 else { return nil }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }

    /// Receives the available bytes.
    ///
    /// - Parameters:
    ///   - descriptor: The socket.
    /// - Returns: The bytes; empty: the other side has closed; nil: nothing is available yet.
    /// - Throws: `Errno` if the connection is broken.
    package static func receive(_ descriptor: Int32) throws(Errno) -> [UInt8]? {
        var failure: Errno?
        let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            let received = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            count = max(received, 0)
            if received < 0 { failure = current }
        }
        guard let failure else { return bytes }
        guard failure == .wouldBlock || failure == .interrupted else { throw failure }
        return nil
    }

    // MSG_NOSIGNAL of <bits/socket.h>.
    private static let noSignal: Int32 = 0x4000

    /// Sends as many bytes as the other side accepts now.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - descriptor: The socket.
    /// - Returns: The number of bytes sent.
    /// - Throws: `Errno` if the connection is broken.
    package static func send(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) throws(Errno) -> Int {
        let sent = bytes.withUnsafeBytes {
            callSend(descriptor, $0)
        }
        guard sent < 0 else { return sent }
        let failure = current
        guard failure == .wouldBlock || failure == .interrupted else { throw failure }
        return 0
    }

    private static func callSend(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.send(descriptor, bytes.baseAddress, bytes.count, noSignal)
        #elseif canImport(Musl)
            Musl.send(descriptor, bytes.baseAddress, bytes.count, noSignal)
        #endif
    }

    /// Announces that nothing more will be sent.
    package static func finish(_ descriptor: Int32) { shutdown(descriptor, 1) }

    /// Closes a socket.
    package static func end(_ descriptor: Int32) { close(descriptor) }

    /// What to wait for at a socket, and whether it has happened.
    package struct Interest {
        let descriptor: Int32
        let events: Int16
        /// Whether there is something to read, room to write, or an error to report.
        package fileprivate(set) var isReady = false

        /// Creates an interest in reading, writing or both.
        package init(_ descriptor: Int32, reads: Bool, writes: Bool) {
            self.descriptor = descriptor
            events = Int16((reads ? POLLIN : 0) | (writes ? POLLOUT : 0))
        }
    }

    /// Waits until one of the interests is ready, the time has passed, or a signal arrives.
    ///
    /// - Parameters:
    ///   - interests: What to wait for; those that are ready are marked.
    ///   - milliseconds: The longest wait.
    package static func wait(for interests: inout [Interest], milliseconds: Int32) {
        var waits = interests.map { pollfd(fd: $0.descriptor, events: $0.events, revents: 0) }
        guard poll(&waits, nfds_t(waits.count), milliseconds) > 0 else { return }
        for index in waits.indices { interests[index].isReady = waits[index].revents != 0 }
    }

    private static var current: Errno { Errno(rawValue: errno) }
}
