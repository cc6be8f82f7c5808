import BuddyEngine
import SourceText

extension Architecture {
    /// PCs have no memory in the last gigabyte below 4 GiB: it is used by PCI devices.
    var hasPCIHole: Bool { isX86 }
}

/// Places memory that is given by size only: after the memory given before it.
struct MemoryLayoutRule {
    var pageSize: Int
    /// Leaves 3 GiB to 4 GiB free, as PCs and QEMU do.
    var hasHole: Bool
    /// The first free address, in bytes.
    var next: UInt64 = 0

    private static let hole = (3 as UInt64) << 30..<(4 as UInt64) << 30

    /// The address ranges of `size` bytes; nil if they end beyond 64 bits.
    mutating func place(_ size: UInt64) -> [Range<UInt64>]? {
        var left = size
        var ranges: [Range<UInt64>] = []
        if hasHole, Self.hole.contains(next) { next = Self.hole.upperBound }
        if hasHole, next < Self.hole.lowerBound, left > Self.hole.lowerBound - next {
            ranges.append(next..<Self.hole.lowerBound)
            left -= Self.hole.lowerBound - next
            next = Self.hole.upperBound
        }
        let (end, overflow) = next.addingReportingOverflow(left)
        guard !overflow else { return nil }
        ranges.append(next..<end)
        next = end
        return ranges
    }
}

extension TopologyReader {
    /// Reads memory: one size, one range, or a list of them.
    mutating func memory(_ value: JSONValue, _ layout: inout MemoryLayoutRule) -> [Range<PageFrame>] {
        let parts = value.array ?? [value]
        var ranges: [Range<PageFrame>] = []
        for part in parts {
            guard let addresses = addresses(part, &layout) else {
                skipped.insert(.totals)
                continue
            }
            layout.next = max(layout.next, addresses.last?.upperBound ?? 0)
            ranges += addresses.compactMap { frames($0, part, layout.pageSize) }
        }
        return ranges.sorted { $0.lowerBound < $1.lowerBound }
    }

    /// Reads a list of ranges; `what` is the key, for messages.
    mutating func placedRanges(_ value: JSONValue, layout: MemoryLayoutRule, what: String) -> [Range<PageFrame>] {
        guard let parts = value.array else {
            shapes.report(value, "\(what) is a list of ranges in brackets, not \(value.kindName)")
            return []
        }
        return parts.compactMap { part in
            if let text = part.string, !text.contains("-") {
                shapes.report(part, "a range of \(what) needs a start: write {\"start\": ..., \"size\": \"\(text)\"}")
                return nil
            }
            return range(part).flatMap { frames($0, part, layout.pageSize) }
        }
    }

    private mutating func addresses(_ value: JSONValue, _ layout: inout MemoryLayoutRule) -> [Range<UInt64>]? {
        if value.object != nil || value.string?.contains("-") == true { return range(value).map { [$0] } }
        guard let size = size(value) else { return nil }
        // A node without memory may be written as size 0.
        guard size > 0 else { return [] }
        guard size % UInt64(max(layout.pageSize, 1)) == 0 else {
            let pages = size / UInt64(max(layout.pageSize, 1)) + 1
            let next = pages.multipliedReportingOverflow(by: UInt64(layout.pageSize)).partialValue
            shapes.report(
                value,
                "\(size) bytes are not a whole number of pages of \(layout.pageSize): the next is \(ByteSize(bytes: next))"
            )
            return nil
        }
        guard let ranges = layout.place(size) else {
            shapes.report(value, "this memory ends beyond 64 address bits")
            return nil
        }
        return ranges
    }

    /// Reads `{"start": ..., "size": ...}`, `{"start": ..., "end": ...}` with `end` exclusive, or `"0x...-0x..."` with
    /// the last byte inclusive, as in `/proc/iomem`.
    private mutating func range(_ value: JSONValue) -> Range<UInt64>? {
        if let text = value.string {
            let ends = text.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count == 2, let first = try? ByteSize(ends[0]).bytes, let last = try? ByteSize(ends[1]).bytes
            else {
                shapes.report(
                    value,
                    "\(shapes.describe(value)) is not a range: write \"0x100000000-0x1ffffffff\", first and last byte")
                return nil
            }
            guard first <= last, last < .max else {
                shapes.report(value, "the range \(text) ends before it begins")
                return nil
            }
            return first..<(last + 1)
        }
        guard let object = shapes.object(value, keys: ["start", "size", "end"], what: "a range") else { return nil }
        guard let startValue = object["start"] else {
            shapes.report(
                value, "a range needs a \"start\"; for memory after that of the previous node, give only the size")
            return nil
        }
        guard let sizeValue = object["size"] ?? object["end"], object["size"] == nil || object["end"] == nil else {
            shapes.report(value, "a range needs either a \"size\" or an \"end\"")
            return nil
        }
        guard let start = size(startValue), let amount = size(sizeValue) else { return nil }
        let end =
            object["size"] == nil ? (partialValue: amount, overflow: false) : start.addingReportingOverflow(amount)
        guard !end.overflow else {
            shapes.report(value, "this memory ends beyond 64 address bits")
            return nil
        }
        guard start < end.partialValue else {
            shapes.report(sizeValue, object["size"] == nil ? "this range ends before it begins" : "this range is empty")
            return nil
        }
        return start..<end.partialValue
    }

    private mutating func frames(_ range: Range<UInt64>, _ value: JSONValue, _ pageSize: Int) -> Range<PageFrame>? {
        let size = UInt64(max(pageSize, 1))
        guard range.lowerBound % size == 0, range.upperBound % size == 0 else {
            let odd = range.lowerBound % size == 0 ? ("ends", range.upperBound) : ("begins", range.lowerBound)
            let address = String(odd.1, radix: 16)
            let lower = String(odd.1 / size * size, radix: 16)
            shapes.report(
                value, "this range \(odd.0) at 0x\(address), which is not a multiple of the page size: 0x\(lower) is")
            skipped.insert(.totals)
            return nil
        }
        return PageFrame(range.lowerBound / size)..<PageFrame(range.upperBound / size)
    }
}
