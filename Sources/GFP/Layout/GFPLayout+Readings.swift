extension GFPLayout {
    /// What a number means to the kernels of some releases.
    public struct Reading: Hashable, Sendable {
        /// The mainline releases that read it so.
        public var covers: Range<KernelVersion>
        /// As they print it.
        public var printed: String
    }

    /// In which layouts a mask's number makes sense, and what it says there, oldest first.
    ///
    /// It makes sense where every bit is a flag's, zones and mobilities do not contradict one another, and it prints as a
    /// composite such as `GFP_KERNEL` with or without more: kernels hardly ever ask for anything else. Where the text has
    /// names beside the number, they must agree.
    ///
    /// - Parameter text: A number, or a mask as a log has it.
    /// - Returns: Nothing for an expression without a number: its names say which kernel is meant.
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
