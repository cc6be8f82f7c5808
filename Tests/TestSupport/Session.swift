import Foundation

/// The built program, run as a user runs it: by a shell, in a directory with the shipped `Config`, the fixtures' `bad`,
/// `logs` of real kernels, and the project's `Tests`.
public enum Session {
    public struct Result: Sendable {
        public var output: String
        public var code: Int32

        public init(output: String, code: Int32) {
            self.output = output
            self.code = code
        }
    }

    /// The executable lies beside the test bundle.
    public static let binaries: URL = {
        let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let built = SharedMaterial.packageRoot.appendingPathComponent(".build/debug")
        let isBeside = FileManager.default.isExecutableFile(atPath: bundle.appendingPathComponent("numazones").path)
        return isBeside ? bundle : built
    }()

    public static let fixtures = SharedMaterial.packageRoot.appendingPathComponent("Tests/CommandLineTests/Fixtures")

    private static let directory: URL = {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("numazones-session-\(ProcessInfo.processInfo.processIdentifier)")
        let files = FileManager.default
        try? files.createDirectory(at: directory, withIntermediateDirectories: true)
        let config = SharedMaterial.packageRoot.appendingPathComponent("Config")
        try? files.createSymbolicLink(at: directory.appendingPathComponent("Config"), withDestinationURL: config)
        try? files.createSymbolicLink(
            at: directory.appendingPathComponent("bad"), withDestinationURL: fixtures.appendingPathComponent("bad"))
        let tests = SharedMaterial.packageRoot.appendingPathComponent("Tests")
        try? files.createSymbolicLink(at: directory.appendingPathComponent("Tests"), withDestinationURL: tests)
        let logs = SharedMaterial.packageRoot.appendingPathComponent("Tests/KernelLogTests/Fixtures/Log")
        try? files.createSymbolicLink(at: directory.appendingPathComponent("logs"), withDestinationURL: logs)
        return directory
    }()

    /// Standard output and standard error together, and the exit code of the last command.
    public static func run(_ command: String, environment: [String: String] = [:]) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // A program that goes round in circles fails its test rather than the whole run. Processor time: a machine may be
        // as busy as it likes.
        process.arguments = [
            "-c", "exec 2>&1; ulimit -t 120; " + command,
        ]
        process.currentDirectoryURL = directory
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        process.environment = environment.merging(
            ["PATH": "\(binaries.path):\(path)", "LC_ALL": "C.UTF-8"], uniquingKeysWith: { own, _ in own })
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Result(output: String(decoding: data, as: UTF8.self), code: process.terminationStatus)
    }
}

/// A text of commands and what they print, as a terminal shows it: `$ command`, output, and `[code]` unless it is 0.
public struct Transcript: Sendable {
    public var entries: [(command: String, printed: String)] = []

    public init(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("$ ") {
                entries.append((String(line.dropFirst(2)), ""))
            } else if !entries.isEmpty {
                entries[entries.count - 1].printed += line + "\n"
            }
        }
        for index in entries.indices { entries[index].printed = Self.trimmed(entries[index].printed) }
    }

    public static func printed(_ result: Session.Result) -> String {
        trimmed(result.output + (result.code == 0 ? "" : "[\(result.code)]\n"))
    }

    private static func trimmed(_ text: String) -> String {
        var text = Substring(text)
        while text.hasSuffix("\n") { text.removeLast() }
        return String(text)
    }

    public var text: String { entries.map { "$ \($0.command)\n\($0.printed)\n" }.joined(separator: "\n") }
}
