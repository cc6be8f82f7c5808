import Topology

/// `/proc/cpuinfo`: the processors and, by the names of its lines, their architecture.
public struct CPUInfoText: Hashable, Sendable {
    /// Nil if no line tells.
    public var architecture: Architecture?
    /// The processors in ascending order.
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
                // A 64-bit processor has "lm", long mode, also under a 32-bit kernel.
                architecture = value.contains("lm") ? .amd64 : .i386
            case "vendor_id"
            where architecture == nil && (value.first == "GenuineIntel" || value.first == "AuthenticAMD"):
                architecture = .amd64
            case "CPU architecture":
                // 7 and below mean a 32-bit ARM kernel.
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
