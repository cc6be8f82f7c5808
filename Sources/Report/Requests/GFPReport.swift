import BuddyEngine
import GFP
import PageAllocator
import SourceText
import Topology

/// What a mask asks for on a given kernel.
public struct GFPReport: Hashable, Sendable {
    /// The mask as it was given.
    public var expression: String
    public var kernel: KernelVersion
    /// As the kernel prints it.
    public var printed: String
    /// The number that the kernel stores.
    public var value: UInt64
    /// The single flags, lowest bit first, with their numbers.
    public var flags: [Flag]
    public var intent: GFPIntent
    /// What the mask's number would be to other kernels, where it was not said which one is meant.
    public var otherReadings: [GFPLayout.Reading] = []

    public struct Flag: Hashable, Sendable {
        public var name: String
        public var value: UInt64
    }

    /// Why a mask cannot be reported on.
    public enum Problem: Error, Hashable, Sendable, CustomStringConvertible {
        case unreadable(GFPParseError)
        case impossible(expression: String, GFPIntentError)
        /// Not a mask of the kernel taken for want of another, but one of others.
        case otherKernel(expression: String, [GFPLayout.Reading])

        public var description: String {
            switch self {
            case .unreadable(let error): "mask \(error)"
            case .impossible(let expression, let error): "mask \"\(expression)\": \(error)"
            case .otherKernel(let expression, let readings):
                "mask \"\(expression)\": means nothing to Linux \(KernelVersion.usual), which is taken unless --kernel "
                    + "names another; it is " + readings.map(\.sentence).joined(separator: ", or ")
            }
        }
    }

    /// What the parameters mean:
    ///   - `expression`: names and numbers as the given kernel has them.
    ///   - `kernel`: nil: nobody said which, so 6.12; what a number would be to others is stated.
    ///   - `architecture`: decides which zones the mask's zone bits mean.
    public init(_ expression: String, kernel: KernelVersion?, architecture: Architecture) throws(Problem) {
        let readings = kernel == nil ? GFPLayout.readings(of: expression) : []
        let kernel = kernel ?? KernelVersion.usual
        let layout = GFPLayout.layout(for: kernel)
        let mask: GFPFlags
        do { mask = try GFPFlags(parsing: expression, layout: layout) } catch {
            throw readings.isEmpty ? .unreadable(error) : .otherKernel(expression: expression, readings)
        }
        do {
            intent = try GFPIntent(
                layout.modernized(mask), configured: architecture.zoneKinds,
                rules: KernelProfile(nearest: kernel).walk.reserves)
        } catch {
            throw readings.isEmpty
                ? .impossible(expression: expression, error) : .otherKernel(expression: expression, readings)
        }
        otherReadings = readings.filter { !$0.covers.contains(kernel) && $0.printed != layout.describe(mask) }
        self.expression = expression
        self.kernel = kernel
        printed = mask.isEmpty ? "none" : layout.describe(mask)
        value = layout.kernelValue(of: mask) ?? 0
        flags = mask.members.map { flag in
            Flag(name: flag.name ?? "?", value: layout.kernelValue(of: flag) ?? 0)
        }
    }

    public func text(_ style: TextStyle = .plain) -> String {
        var text = style.apply(.heading, printed) + " = \(Self.hexadecimal(value)) on Linux \(kernel)\n"
        if expression != printed { text = style.apply(.quiet, "\(expression)") + "\n" + text }
        var table = TextTable([.left(""), .left(""), .left("")])
        for (index, flag) in flags.enumerated() {
            let bit = flag.value == 0 ? "not built into this kernel" : Self.hexadecimal(flag.value)
            table.add([.init(index == 0 ? "flags" : "", .quiet), .init(flag.name), .init(bit)])
        }
        if flags.isEmpty { table.add([.init("flags", .quiet), "none"]) }
        text += table.text(style)
        let widest = intent.sentences.map(\.topic.count).max() ?? 0
        for sentence in intent.sentences {
            let topic = sentence.topic + String(repeating: " ", count: widest - sentence.topic.count)
            text += "  " + style.apply(.quiet, topic) + "  " + sentence.text + "\n"
        }
        if let note = otherReadingsNote { text += style.wrap(note, indent: 2, hanging: 2, role: .warning) }
        return text
    }

    /// That the number does not say which kernel it is of; nil if it does, or that was said.
    private var otherReadingsNote: String? {
        otherReadings.isEmpty
            ? nil
            : "The number alone does not say which kernel it is of: it is "
                + otherReadings.map(\.sentence).joined(separator: ", ")
                + ". --kernel says which is meant."
    }

    public var json: JSONValue {
        [
            "mask": .init(expression), "kernel": .init(kernel.description), "printed": .init(printed),
            "value": .init(Self.hexadecimal(value)),
            "flags": .init(flags.map { ["name": .init($0.name), "value": .init(Self.hexadecimal($0.value))] }),
            "zone": .init(intent.highestZone.kernelName), "mobility": .init(intent.mobility.kernelName),
            "maySleep": .init(intent.maySleep), "wakesKswapd": .init(intent.wakesKswapd),
            "mayStartIO": .init(intent.mayStartIO), "mayCallFileSystems": .init(intent.mayCallFileSystems),
            "reserve": .init(intent.reserve.rawValue), "mayUseHighAtomic": .init(intent.mayUseHighAtomic),
            "persistence": .init(intent.persistence.rawValue), "thisNodeOnly": .init(intent.thisNodeOnly),
            "sentences": .init(
                intent.sentences.map { ["topic": .init($0.topic), "text": .init($0.text)] }),
            "otherReadings": .init(
                otherReadings.map { reading in
                    ["from": .init(reading.covers.lowerBound.description), "printed": .init(reading.printed)]
                }),
        ]
    }

    static func hexadecimal(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
}

/// The composites that a kernel defines.
public struct GFPCompositeList: Hashable, Sendable {
    public var kernel: KernelVersion
    public var source: String
    public var rows: [Row]

    public struct Row: Hashable, Sendable {
        public var name: String
        public var value: UInt64
        public var flags: [String]
    }

    public init(kernel: KernelVersion) {
        let layout = GFPLayout.layout(for: kernel)
        self.kernel = kernel
        source = layout.source
        rows = layout.compositeNames.map { name in
            let flags = layout.composite(named: name) ?? []
            return Row(
                name: name, value: layout.kernelValue(of: flags) ?? 0, flags: flags.members.compactMap(\.name))
        }
    }

    public func text(_ style: TextStyle = .plain) -> String {
        var text = style.apply(.heading, "Linux \(kernel)") + style.apply(.quiet, "  \(source)") + "\n"
        let width = rows.map(\.name.count).max() ?? 0
        for row in rows {
            let number = GFPReport.hexadecimal(row.value)
            let name = row.name + String(repeating: " ", count: width - row.name.count)
            let head = "  \(name)  \(String(repeating: " ", count: max(0, 9 - number.count)))\(number)  "
            let short = row.flags.map { $0.hasPrefix("__GFP_") ? String($0.dropFirst(6)) : $0 }
            text += style.wrap(head.replacingBlanks + short.joined(separator: " "), hanging: head.count).restoringBlanks
        }
        return text + style.apply(.quiet, "  Flags are written without their __GFP_.") + "\n"
    }

    public var json: JSONValue {
        [
            "kernel": .init(kernel.description), "source": .init(source),
            "composites": .init(
                rows.map { row in
                    [
                        "name": .init(row.name), "value": .init(GFPReport.hexadecimal(row.value)),
                        "flags": .init(row.flags.map { JSONValue($0) }),
                    ]
                }),
        ]
    }
}

extension String {
    /// Keeps the columns of a line's head together while the line is wrapped.
    fileprivate var replacingBlanks: String { String(map { $0 == " " ? "\u{A0}" : $0 }) }
    fileprivate var restoringBlanks: String { String(map { $0 == "\u{A0}" ? " " : $0 }) }
}

extension GFPLayout.Reading {
    /// `GFP_KERNEL from 4.8 to before 4.15`.
    fileprivate var sentence: String {
        let end = covers.upperBound.major == .max ? "" : " to before \(covers.upperBound)"
        return "\(printed) from \(covers.lowerBound)\(end)"
    }
}
