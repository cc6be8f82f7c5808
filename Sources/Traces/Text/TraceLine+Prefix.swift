/// What precedes an event's name.
struct TracePrefix {
    var cpu: UInt32 = 0
    var task: UInt32 = 0
    /// In nanoseconds; 0 if there is none.
    var time: UInt64 = 0
}

extension TraceLine {
    /// Reads backwards from an event's name: its time, `[CPU]` and the task, as ftrace, trace-cmd and perf print them.
    @inline(__always)
    func prefix(before name: Int) -> TracePrefix {
        var prefix = TracePrefix()
        var place = name
        if has("kmem:", at: place - 5) { place -= 5 }
        skipSpaces(&place)
        if place > 0, base[place - 1] == UInt8(ascii: ":") {
            place -= 1
            prefix.time = time(endingAt: &place)
        }
        while place > 0, base[place - 1] != UInt8(ascii: "]") { place -= 1 }
        guard place > 0 else { return functionGraphPrefix() }
        place -= 1
        let bracket = place
        guard let cpu = digits(endingAt: &place), place > 0, base[place - 1] == UInt8(ascii: "[") else {
            prefix.time = timeOfDay(endingAt: bracket)
            return prefix
        }
        prefix.cpu = UInt32(clamping: cpu)
        place -= 1
        skipSpaces(&place)
        if place > 0, base[place - 1] == UInt8(ascii: ")") {
            // The ID of the thread group, which the option record-tgid adds.
            while place > 0, base[place - 1] != UInt8(ascii: "(") { place -= 1 }
            place = max(place - 1, 0)
            skipSpaces(&place)
        }
        prefix.task = UInt32(clamping: digits(endingAt: &place) ?? 0)
        return prefix
    }

    @inline(__always)
    private func skipSpaces(_ place: inout Int) {
        while place > 0, base[place - 1] == UInt8(ascii: " ") { place -= 1 }
    }

    /// Reads a number whose last digit is before `place`.
    @inline(__always)
    private func digits(endingAt place: inout Int) -> UInt64? {
        var value: UInt64 = 0
        var scale: UInt64 = 1
        let end = place
        while place > 0, end - place < 18, base[place - 1] &- UInt8(ascii: "0") < 10 {
            place -= 1
            value += UInt64(base[place] &- UInt8(ascii: "0")) * scale
            scale *= 10
        }
        return place < end ? value : nil
    }

    /// Reads `seconds.fraction`, or the plain number of a counter.
    @inline(__always)
    private func time(endingAt place: inout Int) -> UInt64 {
        let end = place
        guard let last = digits(endingAt: &place) else { return 0 }
        guard place > 0, base[place - 1] == UInt8(ascii: ".") else { return last }
        var nanoseconds = last
        for _ in min(end - place, 9)..<9 { nanoseconds *= 10 }
        place -= 1
        guard let seconds = digits(endingAt: &place), seconds < 1 << 32, nanoseconds < 1_000_000_000 else { return 0 }
        return seconds * 1_000_000_000 + nanoseconds
    }

    /// Reads `[hours:minutes:seconds.fraction]`, as LTTng's readers print it.
    private func timeOfDay(endingAt bracket: Int) -> UInt64 {
        var place = bracket
        var nanoseconds = time(endingAt: &place)
        for scale in [60, 3600] as [UInt64] {
            guard place > 0, base[place - 1] == UInt8(ascii: ":") else { return nanoseconds }
            place -= 1
            let part = min(digits(endingAt: &place) ?? 0, 99)
            nanoseconds += part * scale * 1_000_000_000
        }
        return nanoseconds
    }

    /// Reads `TIME | CPU) |  /* name: ... */`, in which the function graph tracer shows other events.
    private func functionGraphPrefix() -> TracePrefix {
        var prefix = TracePrefix()
        var place = 0
        while place < count, base[place] != UInt8(ascii: ")") { place += 1 }
        guard place < count else { return prefix }
        prefix.cpu = UInt32(clamping: digits(endingAt: &place) ?? 0)
        while place > 0, base[place - 1] == UInt8(ascii: " ") || base[place - 1] == UInt8(ascii: "|") { place -= 1 }
        prefix.time = time(endingAt: &place)
        return prefix
    }
}
