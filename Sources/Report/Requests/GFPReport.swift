import BuddyEngine
import GFP
import PageAllocator
import SourceText
import Topology

/// The meaning of a mask on a given kernel.
public struct GFPReport: Hashable, Sendable {
    /// The mask as the user gave it.
    public var expression: String
    /// The kernel.
    public var kernel: KernelVersion
    /// The mask as the kernel prints it.
    public var printed: String
    /// The number that the kernel stores.
    public var value: UInt64
    /// The single flags with their numbers, lowest bit first.
    public var flags: [Flag]
    /// What the mask asks for.
    public var intent: GFPIntent
    /// What the mask's number means to other kernels, if the user named no kernel.
    public var otherReadings: [GFPLayout.Reading] = []

    /// A single flag.
    public struct Flag: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Its number.
        public var value: UInt64
    }

    /// The reason why a mask cannot be explained.
    public enum Problem: Error, Hashable, Sendable, CustomStringConvertible {
        case unreadable(GFPParseError)
        case impossible(expression: String, GFPIntentError)
        /// The number is no mask of the kernel assumed by default, but one of others.
        case otherKernel(expression: String, [GFPLayout.Reading])

        /// The reason, as a sentence.
        public var description: String {
            switch self {
            case .unreadable(let error): "mask \(error)"
            case .impossible(let expression, let error): "mask \"\(expression)\": \(error)"
            case .otherKernel(let expression, let readings):
                "mask \"\(expression)\": means nothing to Linux \(KernelVersion.usual), which is assumed unless --kernel "
                    + "names another; it is " + readings.map(\.sentence).joined(separator: ", or ")
            }
        }
    }

    /// Explains a mask.
    ///
    /// - Parameters:
    ///   - expression: Names and numbers in the form of the given kernel.
    ///   - kernel: The kernel; nil: not stated, so that 6.12 is assumed and the number's meaning to other kernels is
    ///     mentioned.
    ///   - architecture: Decides which zones the mask's zone bits select.
    /// - Throws: ``Problem`` with the reason why the mask cannot be explained.
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

    /// The report for people.
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

    /// A note that the number alone does not tell its kernel; nil if it does, or the user named one.
    private var otherReadingsNote: String? {
        otherReadings.isEmpty
            ? nil
            : "The number alone does not say which kernel it is of: it is "
                + otherReadings.map(\.sentence).joined(separator: ", ")
                + ". --kernel says which is meant."
    }

    /// The report for programs.
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

/// The composite masks that a kernel defines.
public struct GFPCompositeList: Hashable, Sendable {
    /// The kernel.
    public var kernel: KernelVersion
    /// The kernel's file with the definitions.
    public var source: String
    /// The composites.
    public var rows: [Row]

    /// One composite.
    public struct Row: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Its number.
        public var value: UInt64
        /// The names of its flags.
        public var flags: [String]
    }

    /// Lists the composites of a kernel.
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

    /// The list for people.
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

    /// The list for programs.
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
    /// The text with its blanks replaced, so that the columns of a line's head stay together when the line is wrapped.
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
