import OperatingSystem
import SystemPackage

/// A client's connection: it reads one request, sends one answer, and closes.
struct HTTPConnection {
    enum Stage {
        case readingHead
        case readingBody(HTTPRequest, missing: Int)
        /// The request is complete and waits for room for an answer.
        case waiting(HTTPRequest)
        case writing
        /// Everything is sent; further input is discarded, because closing early would make the client lose the answer.
        case lingering
        case over
    }

    let descriptor: Int32
    private(set) var stage = Stage.readingHead
    private var input: [UInt8] = []
    private var output: ArraySlice<UInt8> = []
    /// The time at which the connection is closed in any case, so that a slow client does not hold its place longer.
    private(set) var deadline: ContinuousClock.Instant

    private var stageBegan: ContinuousClock.Instant

    /// The time within which the whole request must arrive.
    private static let patience = Duration.seconds(10)

    init(_ descriptor: Int32, now: ContinuousClock.Instant) {
        self.descriptor = descriptor
        stageBegan = now
        deadline = now + Self.patience
    }

    /// The number of bytes buffered for the connection.
    var held: Int { input.count + output.count }

    var isReadingHead: Bool { if case .readingHead = stage { true } else { false } }

    var isOver: Bool { if case .over = stage { true } else { false } }

    /// Whether it has been in its stage for a second or more and may lose its place to another connection.
    func isSlow(_ now: ContinuousClock.Instant) -> Bool { stageBegan + .seconds(1) <= now }

    var wantsToRead: Bool {
        switch stage {
        case .readingHead, .readingBody, .lingering: true
        case .waiting, .writing, .over: false
        }
    }

    var wantsToWrite: Bool { !output.isEmpty }

    /// Reads the available bytes.
    ///
    /// - Parameters:
    ///   - longestBody: The largest number of bytes accepted in a body.
    ///   - refusal: Returns the answer to a request that is refused by its head, before its body is read; nil: it is
    ///     allowed.
    mutating func read(longestBody: Int, refusal: (HTTPRequest) -> HTTPAnswer?) {
        do {
            guard let bytes = try Sockets.receive(descriptor) else { return }
            guard !bytes.isEmpty else { return stage = .over }
            if case .lingering = stage { return }
            input += bytes
        } catch { return stage = .over }
        do {
            if case .readingHead = stage, let (request, length) = try HTTPHead.read(input) {
                if let refusal = refusal(request) { return answer(refusal, isHead: request.method == "HEAD") }
                let missing = try HTTPHead.bodyLength(request, most: longestBody)
                input.removeFirst(length)
                stage = .readingBody(request, missing: missing)
                if missing > input.count, request.fields["expect"]?.lowercased() == "100-continue" {
                    output += Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
                }
            }
            if case .readingBody(var request, let missing) = stage, input.count >= missing {
                request.body = Array(input.prefix(missing))
                input = []
                stage = .waiting(request)
            }
        } catch { answer(HTTPAnswer(error, longestBody: longestBody)) }
    }

    mutating func answer(_ answer: HTTPAnswer, isHead: Bool = false) {
        output += answer.bytes(isHead: isHead)
        input = []
        stage = .writing
        stageBegan = .now
        deadline = .now + .seconds(30)
    }

    /// Sends as many bytes as the client accepts now.
    mutating func write() {
        do {
            output = output.dropFirst(try Sockets.send(output, to: descriptor))
        } catch { return stage = .over }
        guard output.isEmpty else { return }
        output = []
        if case .writing = stage {
            Sockets.finish(descriptor)
            stage = .lingering
            deadline = .now + .seconds(2)
        }
    }
}
