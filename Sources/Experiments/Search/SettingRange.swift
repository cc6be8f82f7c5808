import SourceText
import Topology

/// The values of a sysctl among which a search looks: from a smallest one in equal steps.
public struct SettingRange: Hashable, Sendable {
    /// The name, including its "vm.".
    public var name: String
    /// The smallest value.
    public var least: Int
    /// The distance between neighbouring values.
    public var step: Int
    /// The number of values, at least 1.
    public var count: Int

    /// Creates a range from its parts.
    ///
    /// - Parameters:
    ///   - name: The sysctl, including its "vm.".
    ///   - least: The smallest value.
    ///   - step: The distance between neighbouring values.
    ///   - count: The number of values.
    public init(name: String, least: Int, step: Int = 1, count: Int) {
        self.name = name
        self.least = least
        self.step = step
        self.count = count
    }

    /// Reads `NAME=FROM..TO` or `NAME=FROM..TO/STEP`. For a sysctl in kilobytes, the numbers may be sizes, as in
    /// `vm.min_free_kbytes=4M..4G`.
    ///
    /// - Parameters:
    ///   - text: The text.
    /// - Throws: ``SetupError`` with what is wrong with it.
    public init(_ text: String) throws(SetupError) {
        guard let equals = text.firstIndex(of: "="), let dots = text.firstRange(ofText: ".."), dots.lowerBound > equals
        else {
            throw SetupError("\"\(text)\": write NAME=FROM..TO, as in vm.min_free_kbytes=4M..4G")
        }
        name = SettingChange(name: String(text[..<equals]), value: "").name
        guard SettingChange.names.contains(name) else {
            throw SetupError("\"\(text)\": the allocator reads no sysctl \(name)")
        }
        let end = text[dots.upperBound...].split(separator: "/", maxSplits: 1)
        least = try Self.number(text[text.index(after: equals)..<dots.lowerBound], name)
        let most = try Self.number(end.first ?? "", name)
        step = end.count == 2 ? try Self.number(end[1], name) : 1
        guard step >= 1, least <= most else {
            throw SetupError("\"\(text)\": goes from a smaller value to a larger one, in steps of 1 or more")
        }
        count = (most - least) / step + 1
    }

    /// The largest value that a sysctl of the kernel takes (an `int`).
    private static let mostValue = UInt64(Int32.max)

    private static func number(_ text: Substring, _ name: String) throws(SetupError) -> Int {
        if let number = Int(text), number >= 0, number <= Int(mostValue) { return number }
        guard name.hasSuffix("kbytes") else { throw SetupError("\"\(text)\": is not a number from 0 to \(mostValue)") }
        let size: ByteSize
        do throws(ByteSize.Invalid) { size = try ByteSize(text) } catch { throw SetupError(error.description) }
        guard size.bytes >> 10 <= mostValue else { throw SetupError("\"\(text)\": is more than a sysctl holds") }
        return Int(size.bytes >> 10)
    }

    /// The value at a position.
    ///
    /// - Parameters:
    ///   - position: The position, from 0.
    /// - Precondition: `position` is from 0 to below ``count``.
    public func value(_ position: Int) -> Int { least + position * step }

    /// Positions from the first to the last at growing distances: as many as asked for, or all if there are no more.
    func probes(_ most: Int) -> [Int] {
        guard count > most else { return Array(0..<count) }
        // Each is about the same multiple of the one before, counted from 1.
        var probes: [Int] = [0]
        for probe in 1..<(most - 1) {
            let share = Double(probe) / Double(most - 1)
            let position = Int(Self.power(Double(count), share)) - 1
            probes.append(min(max(position, probes[probe - 1] + 1), count - most + probe))
        }
        return probes + [count - 1]
    }

    /// `base` to the power of a share from 0 to 1, by repeated square roots: the same on every machine, which a
    /// library's `pow` need not be.
    private static func power(_ base: Double, _ share: Double) -> Double {
        var (result, factor, rest) = (1.0, base, share)
        for _ in 0..<30 {
            factor = factor.squareRoot()
            rest *= 2
            if rest >= 1 {
                result *= factor
                rest -= 1
            }
        }
        return result
    }
}
