import GFP

/// Numbers the distinct mask texts of a trace, so that each is parsed once.
struct MaskTable {
    private(set) var masks: [TraceVocabulary.Mask] = []
    /// Open addressing: 0 is empty, else a number plus one. The size is a power of two, and at most half is used.
    private var slots = [UInt32](repeating: 0, count: 2 * Self.limit)
    private var texts: [(hash: UInt64, start: Int, count: Int)] = []
    private var bytes: [UInt8] = []
    private var last = 0
    private let layout: GFPLayout
    private let fallbackLayouts: [GFPLayout]

    /// The most distinct masks that are accepted: real traces have a few dozen.
    static let limit = 1 << 14

    init(layout: GFPLayout) {
        self.layout = layout
        fallbackLayouts = GFPLayout.all.reversed()
    }

    /// The number of a text; nil if there are already too many different ones.
    mutating func number(of text: UnsafeBufferPointer<UInt8>) -> UInt32? {
        if last < texts.count, isEqual(last, text) { return UInt32(last) }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & (slots.count - 1)
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            if texts[index].hash == hash, isEqual(index, text) {
                last = index
                return UInt32(index)
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        guard masks.count < Self.limit else { return nil }
        texts.append((hash, bytes.count, text.count))
        bytes += text
        masks.append(parse(String(decoding: text, as: UTF8.self)))
        slots[slot] = UInt32(masks.count)
        last = masks.count - 1
        return UInt32(last)
    }

    /// The masks as they were in the text, each once, in order of number.
    var printed: [[UInt8]] { texts.map { Array(bytes[$0.start..<($0.start + $0.count)]) } }

    private func isEqual(_ index: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let known = texts[index]
        guard known.count == text.count else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            for offset in 0..<known.count where bytes[known.start + offset] != text[offset] { return false }
            return true
        }
    }

    /// Parses the whole text in the trace's own layout; if that fails word by word, each as the newest kernel that has
    /// it.
    private func parse(_ text: String) -> TraceVocabulary.Mask {
        if let flags = try? GFPFlags(parsing: text, layout: layout) {
            return TraceVocabulary.Mask(text: text, flags: layout.modernized(flags))
        }
        var flags: GFPFlags = []
        var unknown: [Substring] = []
        for word in text.split(whereSeparator: { $0 == "|" || $0 == "(" || $0 == ")" }) {
            let name = String(word)
            if let value = number(name) {
                let (known, rest) = layout.flags(fromKernelValue: value)
                flags.formUnion(layout.modernized(known))
                if rest != 0 { unknown.append("0x" + Substring(String(rest, radix: 16))) }
            } else if let owner = ([layout] + fallbackLayouts).first(where: { $0.flags(named: name) != nil }) {
                flags.formUnion(owner.modernized(owner.flags(named: name) ?? []))
            } else {
                unknown.append(word)
            }
        }
        return TraceVocabulary.Mask(text: text, flags: flags, unknown: unknown.joined(separator: "|"))
    }

    private func number(_ word: String) -> UInt64? {
        word.hasPrefix("0x") ? UInt64(word.dropFirst(2), radix: 16) : UInt64(word)
    }
}
