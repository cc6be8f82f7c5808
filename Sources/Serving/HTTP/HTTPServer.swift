import OperatingSystem
import SystemPackage

/// A server of HTTP/1.1 that one thread runs, one request at a time.
///
/// It stays of bounded size whatever comes: that many connections have a place, the others are in the system's line; a
/// request has to come within ten seconds, and an answer to be taken within thirty; while many answers wait for slow
/// readers, no new one is made. If all places are taken, whoever has been longest about the first lines of a request
/// loses theirs.
final class HTTPServer {
    private let listener: Int32
    /// The one that is listened on.
    let port: UInt16
    private var connections: [HTTPConnection] = []

    /// Connections that have a place.
    private static let places = 128
    /// Bytes kept for all connections together beyond which nothing new is answered.
    private static let mostHeld = 32 << 20

    /// - Parameters:
    ///   - address: An IPv4 address of this host.
    ///   - port: 0: one that is free.
    init(_ address: String, port: UInt16) throws(Errno) {
        (listener, self.port) = try Sockets.listen(address, port: port)
    }

    deinit {
        for connection in connections { Sockets.end(connection.descriptor) }
        Sockets.end(listener)
    }

    /// Waits for what comes and deals with it, for about a fifth of a second.
    ///
    /// - Parameters:
    ///   - refusal: What a request gets before its body is read; nil: its body is wanted.
    ///   - answer: What a whole request gets.
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
            // Whoever has gone in the middle of an answer shows here too.
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
            // Whoever waits for us is not slow.
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

    /// Ends the oldest of those that have not yet said what they want, or the oldest reader, if no place is left.
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
