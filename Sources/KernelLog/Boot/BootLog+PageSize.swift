import Topology

extension BootLog {
    /// The largest page size of any supported kernel, in bytes.
    static let largestPage: UInt64 = 65536

    /// The page size in bytes, and the sign from which it follows; nil if nothing says so. Where signs disagree, the
    /// majority decides.
    ///
    /// Without a sign, it follows from the size of memory and its number of pages, or from the architecture.
    public var pageSize: (bytes: Int, sign: String)? {
        if let sign = votedPageSize { return sign }
        for (node, pages) in pagesOfNode.sorted(by: { $0.key < $1.key }) where pages > 0 {
            if let size = Self.nearestPageSize(bytes: bytes(of: node), pages: pages) {
                return (size, "On node \(node) totalpages: \(pages)")
            }
        }
        let all = nodes.reduce(UInt64(0)) { $0 &+ bytes(of: $1) }
        let total = all > 0 ? all : totalMemory
        if let pages = totalPagesAtBoot, pages > 0, let size = Self.nearestPageSize(bytes: total, pages: pages) {
            return (size, "Total pages: \(pages)")
        }
        return architectures.lazy.compactMap { sign in sign.family.onlyPageSize.map { ($0, sign.sign) } }.first
    }

    private var votedPageSize: (bytes: Int, sign: String)? {
        var votes: [Int: Int] = [:]
        for sign in pageSizes { votes[sign.bytes, default: 0] += sign.sign.hasPrefix("Linux version") ? 1 : 2 }
        guard let best = votes.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key,
            let sign = pageSizes.first(where: { $0.bytes == best })
        else { return nil }
        return (best, sign.sign)
    }

    /// The size of memory by "Memory: ...K/...K available", in bytes; 0 if not stated.
    private var totalMemory: UInt64 { memory.flatMap { UInt64(exactly: $0.total) }.map { $0 &* 1024 } ?? 0 }

    /// The page size closest to a ratio. What a kernel keeps for itself is far less than the factor of four between the
    /// usual sizes. The sizes in between, of SPARC and MIPS, are accepted only if the figures match closely.
    private static func nearestPageSize(bytes: UInt64, pages: Int) -> Int? {
        guard bytes > 0 else { return nil }
        let ratio = Double(bytes) / Double(pages)
        if let size = [8192, 32768].first(where: { abs(ratio / Double($0) - 1) < 0.04 }) { return size }
        return [4096, 16384, 65536].first { ratio > Double($0) * 0.8 && ratio < Double($0) * 1.6 }
    }

    /// Corrects ranges that were printed in page frames, if pages turn out not to have 4096 bytes.
    mutating func scalePageFrames() {
        guard printsPageFrames, votedPageSize != nil || architectures.allSatisfy({ $0.family.onlyPageSize != 4096 })
        else {
            return
        }
        let frames = nodes.reduce(UInt64(0)) { $0 &+ bytes(of: $1) } / BootLogReader.oldPageSize
        let size =
            votedPageSize?.bytes ?? architectures.lazy.compactMap(\.family.onlyPageSize).first
            ?? Int(exactly: frames).flatMap { $0 > 0 ? Self.nearestPageSize(bytes: totalMemory, pages: $0) : nil }
        guard let size, size > 4096, UInt64(size) <= Self.largestPage else { return }
        let factor = UInt64(size) / BootLogReader.oldPageSize
        // Reading has made sure that page frames of the largest size still have valid addresses.
        func scaled(_ range: ClosedRange<UInt64>) -> ClosedRange<UInt64> {
            range.lowerBound &* factor...(range.upperBound &+ 1) &* factor &- 1
        }
        for index in nodeRanges.indices { nodeRanges[index].range = scaled(nodeRanges[index].range) }
        for index in zoneRanges.indices { zoneRanges[index].range = zoneRanges[index].range.map(scaled) }
        movableStarts = movableStarts.mapValues { $0.multipliedReportingOverflow(by: factor).partialValue }
        printsPageFrames = false
        pageSizes.append(PageSizeSign(bytes: size, sign: "Memory: \(memory?.total ?? 0)K", line: 0))
    }
}

extension BootLog.ArchitectureSign.Family {
    /// The page size in bytes; nil if kernels of the family can be built with several.
    var onlyPageSize: Int? {
        switch self {
        case .x86, .amd64, .i386, .arm, .riscv64, .s390: 4096
        case .sparc, .alpha: 8192
        case .arm64, .powerPC, .loongArch, .ia64, .mips, .other: nil
        }
    }
}
