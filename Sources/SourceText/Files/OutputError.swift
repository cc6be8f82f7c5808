import SystemPackage

/// Why a file could not be written, for the person who named it.
package struct OutputError: Error, Hashable, Sendable {
    /// The path as the user gave it, or "standard output".
    package var target: String
    /// What is wrong and, if known, what would be right.
    package var message: String
    /// The reader of standard output or of a pipe has closed it, as `head` does.
    package var isReaderGone = false

    /// - Parameters:
    ///   - target: The path as the user gave it.
    ///   - message: What is wrong, to follow "PATH: ".
    package init(target: String, message: String) {
        self.target = target
        self.message = message
    }

    init(target: String, _ error: Errno) {
        self.init(target: target, message: "cannot be written: \(error)")
        isReaderGone = error == .brokenPipe
    }
}

extension OutputError: CustomStringConvertible {
    package var description: String { "\(target): \(message)" }
}
