/// Why a text printed by the kernel could not be read: what is wrong, and where.
public struct KernelTextError: Error, Hashable, Sendable {
    /// The name of the text: a path, or whatever the caller calls it.
    public var file: String
    /// The line, from 1; nil for the text as a whole.
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
