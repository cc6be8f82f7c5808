import Topology

/// `/proc/cpuinfo`: which processors there are, and by the names of its lines, of which architecture.
public struct CPUInfoText: Hashable, Sendable {
    /// nil: no line tells.
    public var architecture: Architecture?
    /// Ascending.
    public var processors: [CPUID] = []

    public init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard let name = parts.first?.split(whereSeparator: \.isWhitespace).joined(separator: " ") else { continue }
            let value = parts.count == 2 ? parts[1].split(whereSeparator: \.isWhitespace) : []
            switch name {
            case "processor":
                if let number = value.first.flatMap({ UInt32($0) }) { processors.append(CPUID(rawValue: number)) }
            case "flags":
                // "lm", long mode, is what a 64-bit processor has; a 32-bit kernel on one has it too.
                architecture = value.contains("lm") ? .amd64 : .i386
            case "vendor_id"
            where architecture == nil && (value.first == "GenuineIntel" || value.first == "AuthenticAMD"):
                architecture = .amd64
            case "CPU architecture":
                // 7 and below are 32-bit ARM kernels.
                architecture = value.first.flatMap { Int($0.prefix { $0.isNumber }) } ?? 8 >= 8 ? .arm64 : .other
            case "isa" where value.first?.hasPrefix("rv") == true:
                architecture = value.first?.hasPrefix("rv64") == true ? .riscv64 : .other
            case "cpu" where value.first?.hasPrefix("POWER") == true: architecture = .other
            case "hart" where architecture == nil: architecture = .riscv64
            default: continue
            }
        }
        processors.sort()
    }
}
