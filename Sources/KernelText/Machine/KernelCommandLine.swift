import GFP
import Topology

/// `/proc/cmdline`: the parameters that the kernel was booted with.
public struct KernelCommandLine: KernelTextFile {
    /// The parameters as written, in order: "name" or "name=value".
    public var parameters: [String]
    /// What was odd about the text, one sentence each.
    public var notes: [String]

    public init(parameters: [String], notes: [String] = []) {
        self.parameters = parameters
        self.notes = notes
    }

    public init(parsing bytes: [UInt8], name: String) throws(KernelTextError) {
        guard bytes.count <= 1 << 16 else {
            throw KernelTextError(file: name, problem: "\(bytes.count) bytes are too many for a kernel command line")
        }
        let words = bytes.split { $0 <= UInt8(ascii: " ") }
        self.init(parameters: words.map { String(decoding: $0, as: UTF8.self) })
    }

    public var text: String { parameters.joined(separator: " ") + "\n" }

    /// The last value of a parameter, which is the one that counts; "" if it has no "="; nil if it is not there.
    public subscript(name: String) -> String? {
        for parameter in parameters.reversed() {
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts[0] == name { return parts.count > 1 ? String(parts[1]) : "" }
        }
        return nil
    }

    /// The parameters that shape zones.
    public var bootParameters: BootParameters {
        var boot = BootParameters()
        boot.movableCore = self["movablecore"].flatMap(Self.amount)
        boot.kernelCore = self["kernelcore"].flatMap(Self.amount)
        boot.movableNode = self["movable_node"] != nil
        // "cma=64M@0-4G": the place does not matter here.
        boot.cma = self["cma"].flatMap { Self.size($0.prefix { $0 != "@" && $0 != "," }) }
        boot.vmalloc = self["vmalloc"].flatMap { Self.size($0) }
        boot.highMem = self["highmem"].flatMap { Self.size($0) }
        if self["transparent_hugepage"] == "never" { boot.transparentHugePages = false }
        return boot
    }

    /// The release in the name of the kernel's image ("BOOT_IMAGE=/boot/vmlinuz-5.4.0-99-generic"); nil if there is
    /// none.
    public var imageRelease: String? {
        guard let image = self["BOOT_IMAGE"], let range = image.range(ofLast: "vmlinuz-") else { return nil }
        let release = String(image[range...])
        return KernelVersion(release) == nil ? nil : release
    }

    private static func amount(_ text: String) -> BootParameters.Amount? {
        if text.last == "%" { return Int(text.dropLast()).flatMap { (0...100).contains($0) ? .percent($0) : nil } }
        return size(text).map { .bytes($0) }
    }

    /// Reads a number of bytes followed by K, M, G, T, P or E (`memparse`, lib/cmdline.c); nil for anything else.
    static func size(_ text: some StringProtocol) -> UInt64? {
        let isHexadecimal = text.hasPrefix("0x") || text.hasPrefix("0X")
        let digits = text.dropFirst(isHexadecimal ? 2 : 0).prefix { $0.isHexDigit && (isHexadecimal || $0.isNumber) }
        guard let number = UInt64(digits, radix: isHexadecimal ? 16 : 10) else { return nil }
        let rest = text[digits.endIndex...]
        guard let letter = rest.first?.uppercased() else { return number }
        guard let position = ["K", "M", "G", "T", "P", "E"].firstIndex(of: letter) else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: 1 << UInt64(10 * (position + 1)))
        return overflow ? nil : product
    }
}

extension String {
    /// The index after the last occurrence of `part`.
    fileprivate func range(ofLast part: String) -> String.Index? {
        var found: String.Index?
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(part) { found = self.index(index, offsetBy: part.count) }
            index = self.index(after: index)
        }
        return found
    }
}
