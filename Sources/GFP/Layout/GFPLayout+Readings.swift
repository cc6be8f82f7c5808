extension GFPLayout {
    /// What a number means to the kernels of some releases.
    public struct Reading: Hashable, Sendable {
        /// The mainline releases that read the number this way.
        public var covers: Range<KernelVersion>
        /// The mask as they print it.
        public var printed: String
    }

    /// The layouts in which a mask's number makes sense, each with what the number says there, oldest first.
    ///
    /// A number makes sense where every bit is a flag, zones and mobilities do not contradict one another, and it
    /// prints as a composite such as `GFP_KERNEL`, alone or with further flags: kernels hardly ever ask for anything
    /// else. Names beside the number must agree with it.
    ///
    /// - Parameters:
    ///   - text: A number, or a mask as a log prints it.
    /// - Returns: An empty array for an expression without a number: its names say which kernel is meant.
    public static func readings(of text: String) -> [Reading] {
        guard let mask = GFPLogMask(text), mask.number != nil else { return [] }
        var readings: [Reading] = []
        for layout in all {
            guard let flags = try? mask.flags(text, in: layout), layout.isUsual(flags) else { continue }
            let printed = layout.describe(flags)
            if let last = readings.last, last.printed == printed, last.covers.upperBound == layout.covers.lowerBound {
                readings[readings.count - 1].covers = last.covers.lowerBound..<layout.covers.upperBound
            } else {
                readings.append(Reading(covers: layout.covers, printed: printed))
            }
        }
        return readings
    }

    private func isUsual(_ flags: GFPFlags) -> Bool {
        (try? GFPIntent(modernized(flags), configured: ZoneKind.allCases)) != nil
            && describe(flags).hasPrefix("GFP_") && !describe(flags).contains("0x")
    }
}
