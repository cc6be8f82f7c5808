/// Why a text of the kernel's could not be read: what is wrong, and where.
public struct KernelTextError: Error, Hashable, Sendable {
    /// The name of the text: a path, or what the caller calls it.
    public var file: String
    /// The line, from 1; nil where the whole text is meant.
    public var line: Int?
    /// One sentence without a full stop.
    public var problem: String

    public init(file: String, line: Int? = nil, problem: String) {
        self.file = file
        self.line = line
        self.problem = problem
    }
}

extension KernelTextError: CustomStringConvertible {
    public var description: String {
        if let line { "\(file):\(line): \(problem)" } else { "\(file): \(problem)" }
    }
}
