/// A kernel release, as far as rules depend on it: "6.1", "6.12.95", "4.18".
public struct KernelVersion: Hashable, Comparable, Sendable {
    /// The first number: 6 of 6.12.
    public var major: Int
    /// The second number: 12 of 6.12.
    public var minor: Int
    /// The stable release; 0 if not given.
    public var patch: Int

    /// A release by its numbers.
    public init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Reads the leading numbers of a release name such as `6.1.0-28-amd64` or `5.15`; nil if there are not two.
    public init?(_ text: some StringProtocol) {
        var numbers: [Int] = []
        for part in text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false) {
            let digits = part.prefix { $0.isASCII && $0.isNumber }
            guard !digits.isEmpty, digits.count <= 6, let number = Int(digits) else { break }
            numbers.append(number)
            if digits.count < part.count { break }
        }
        guard numbers.count >= 2 else { return nil }
        self.init(numbers[0], numbers[1], numbers.count > 2 ? numbers[2] : 0)
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }
}

extension KernelVersion: CustomStringConvertible {
    public var description: String {
        patch == 0 ? "\(major).\(minor)" : "\(major).\(minor).\(patch)"
    }
}
