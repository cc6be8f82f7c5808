import OperatingSystem
import SystemPackage

/// A server of HTTP/1.1 on a single thread that answers one request at a time.
///
/// Its memory is bounded whatever arrives: a limited number of connections is accepted, others wait in the system's
/// queue; a request must arrive within ten seconds, and an answer must be read within thirty; while many answers wait
/// for slow readers, no new ones are made. If all places are taken, the connection that has been sending its header the
/// longest is closed.
final class HTTPServer {
    private let listener: Int32
    /// The port of the listening socket.
    let port: UInt16
    private var connections: [HTTPConnection] = []

    /// The largest number of connections.
    private static let places = 128
    /// The number of bytes buffered for all connections together from which on no further request is answered.
    private static let mostHeld = 32 << 20

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - address: An IPv4 address of this host.
    ///   - port: The port; 0: any free one.
    /// - Throws: `Errno` if the address cannot be used.
    init(_ address: String, port: UInt16) throws(Errno) {
        (listener, self.port) = try Sockets.listen(address, port: port)
    }

    deinit {
        for connection in connections { Sockets.end(connection.descriptor) }
        Sockets.end(listener)
    }

    /// Waits for input and handles it, for about a fifth of a second.
    ///
    /// - Parameters:
    ///   - longestBody: The largest number of bytes accepted in a body.
    ///   - refusal: Returns the answer to a request that is refused before its body is read; nil: it is allowed.
    ///   - answer: Returns the answer to a complete request.
    func turn(
        longestBody: Int, refusal: (HTTPRequest) -> HTTPAnswer?, answer: (HTTPRequest) -> HTTPAnswer
    ) {
        makeRoom()
        var waits = connections.map {
            Sockets.Interest($0.descriptor, reads: $0.wantsToRead, writes: $0.wantsToWrite)
        }
        waits.append(Sockets.Interest(listener, reads: true, writes: false))
        Sockets.wait(for: &waits, milliseconds: 200)
        for index in connections.indices where waits[index].isReady {
            if connections[index].wantsToRead { connections[index].read(longestBody: longestBody, refusal: refusal) }
            // A client that disappeared in the middle of an answer is noticed here too.
            if connections[index].wantsToWrite { connections[index].write() }
        }
        answerWaiting(answer)
        endWhatIsOver()
        if waits[waits.count - 1].isReady { takeIn() }
    }

    private func answerWaiting(_ answer: (HTTPRequest) -> HTTPAnswer) {
        var held = connections.reduce(0) { $0 + $1.held }
        for index in connections.indices {
            guard case .waiting(let request) = connections[index].stage, held < Self.mostHeld else { continue }
            connections[index].answer(answer(request), isHead: request.method == "HEAD")
            connections[index].write()
            held += connections[index].held
        }
    }

    private func endWhatIsOver() {
        let now = ContinuousClock.now
        connections.removeAll { connection in
            var isOver = connection.isOver
            // A client that waits for the server is not slow.
            if case .waiting = connection.stage {} else { isOver = isOver || connection.deadline < now }
            if isOver { Sockets.end(connection.descriptor) }
            return isOver
        }
    }

    private func takeIn() {
        let now = ContinuousClock.now
        while connections.count < Self.places, let descriptor = Sockets.accept(listener) {
            connections.append(HTTPConnection(descriptor, now: now))
        }
    }

    /// If no place is left, closes the oldest connection that has not sent its header yet, or else the oldest reader.
    private func makeRoom() {
        guard connections.count >= Self.places else { return }
        let now = ContinuousClock.now
        let slow =
            connections.firstIndex { $0.isReadingHead && $0.isSlow(now) }
            ?? connections.firstIndex { $0.wantsToWrite && $0.isSlow(now) }
        guard let slow else { return }
        Sockets.end(connections[slow].descriptor)
        connections.remove(at: slow)
    }
}
