import OperatingSystem
import SystemPackage

/// One visitor's connection: a request is read, answered, and all is over.
struct HTTPConnection {
    enum Stage {
        case readingHead
        case readingBody(HTTPRequest, missing: Int)
        /// Whole, and to be answered when there is room for an answer.
        case waiting(HTTPRequest)
        case writing
        /// All is sent; what still comes is thrown away, as an early end would take the answer from its reader.
        case lingering
        case over
    }

    let descriptor: Int32
    private(set) var stage = Stage.readingHead
    private var input: [UInt8] = []
    private var output: ArraySlice<UInt8> = []
    /// When it is ended, whatever it does: whoever is slow holds a place no longer than this.
    private(set) var deadline: ContinuousClock.Instant

    private var stageBegan: ContinuousClock.Instant

    /// The whole request has come after this, or does not count.
    private static let patience = Duration.seconds(10)

    init(_ descriptor: Int32, now: ContinuousClock.Instant) {
        self.descriptor = descriptor
        stageBegan = now
        deadline = now + Self.patience
    }

    /// Bytes that are kept for it.
    var held: Int { input.count + output.count }

    var isReadingHead: Bool { if case .readingHead = stage { true } else { false } }

    var isOver: Bool { if case .over = stage { true } else { false } }

    /// Whether it has kept its stage for a second or more, and may lose its place to another.
    func isSlow(_ now: ContinuousClock.Instant) -> Bool { stageBegan + .seconds(1) <= now }

    var wantsToRead: Bool {
        switch stage {
        case .readingHead, .readingBody, .lingering: true
        case .waiting, .writing, .over: false
        }
    }

    var wantsToWrite: Bool { !output.isEmpty }

    /// Takes what has come.
    ///
    /// - Parameter refusal: What a request gets before its body is read, by its head; nil: its body is wanted.
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

    /// Sends what the other side takes now.
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
