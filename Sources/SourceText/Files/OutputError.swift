import SystemPackage

/// Why a file could not be written, for the person who named it.
public struct OutputError: Error, Hashable, Sendable {
    /// The path as the user gave it, or "standard output".
    public var target: String
    /// What is wrong and, where it is known, what would be right.
    public var message: String
    /// Whoever was to read standard output or a pipe has gone away, as `head` does.
    public var isReaderGone = false

    /// - Parameters:
    ///   - target: The path as the user gave it.
    ///   - message: What is wrong, as it follows "PATH: ".
    public init(target: String, message: String) {
        self.target = target
        self.message = message
    }

    init(target: String, _ error: Errno) {
        self.init(target: target, message: "cannot be written: \(error)")
        isReaderGone = error == .brokenPipe
    }
}

extension OutputError: CustomStringConvertible {
    public var description: String { "\(target): \(message)" }
}
