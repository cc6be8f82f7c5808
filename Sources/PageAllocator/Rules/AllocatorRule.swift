import GFP
import SourceText
import Topology

/// One rule of the allocator, by name: where a ``KernelProfile`` stores it, what values it takes, and which of the
/// kernel's functions implement it.
///
/// ``all`` lists every rule. A profile is read, written, compared and changed through them.
public struct AllocatorRule: Sendable, Identifiable {
    /// The name in a profile's file and after `--rule`, which is also the name of the property.
    public let key: String
    /// The part of the allocator that it belongs to.
    public let subject: Subject
    /// The kernel's functions that implement it.
    public let functions: String
    /// The values that it takes.
    public let domain: Domain
    private let read: @Sendable (KernelProfile) -> RuleValue
    private let write: @Sendable (inout KernelProfile, RuleValue) -> Void

    public var id: String { key }

    /// A part of the allocator.
    public enum Subject: String, CaseIterable, Hashable, Sendable {
        case walk, reserves, freeLists, perCPULists, sizing, reclaim, ranges
    }

    /// The values that a rule takes.
    public enum Domain: Hashable, Sendable {
        case flag
        case number(ClosedRange<Int>)
        case words([String])
        /// Any of these, joined by "|", or "none".
        case set([String])
    }

    /// The value in a profile.
    public func value(in profile: KernelProfile) -> RuleValue { read(profile) }

    /// Sets the rule from a text.
    ///
    /// - Throws: `RuleError` if the text is not a value of the rule.
    public func set(_ text: String, in profile: inout KernelProfile) throws(RuleError) {
        func failure(_ problem: String) -> RuleError { RuleError(text: "\(key)=\(text)", problem: problem) }
        switch domain {
        case .flag:
            guard let holds = Bool(text) else { throw failure("this rule is true or false") }
            write(&profile, .flag(holds))
        case .number(let range):
            guard let number = Int(text), range.contains(number) else {
                throw failure("this rule is a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            write(&profile, .number(number))
        case .words(let words):
            guard words.contains(text) else {
                let suggestion = Spelling.suggestion(for: text, among: words)
                let list = suggestion.isEmpty ? ": it may be \(words.joined(separator: ", "))" : suggestion
                throw failure("this rule has no such way\(list)")
            }
            write(&profile, .word(text))
        case .set(let members):
            let named = text == "none" ? [] : text.split(separator: "|").map(String.init)
            if let stranger = named.first(where: { !members.contains($0) }) {
                let suggestion = Spelling.suggestion(for: stranger, among: members)
                throw failure(
                    "\"\(stranger)\" cannot be in it"
                        + (suggestion.isEmpty
                            ? ": it may have \(members.joined(separator: ", ")), or be none" : suggestion))
            }
            write(&profile, .word(text))
        }
    }

    /// Copies the value from another profile.
    public func copy(from other: KernelProfile, to profile: inout KernelProfile) { write(&profile, read(other)) }

    /// Every rule, subject by subject.
    public static let all: [AllocatorRule] = walk + reserves + freeLists + perCPULists + sizing + reclaim + ranges

    /// The rule with a key; nil if there is none.
    public static func named(_ key: String) -> AllocatorRule? { byKey[key] }

    private static let byKey = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })
}

extension AllocatorRule {
    typealias Path<Value> = WritableKeyPath<KernelProfile, Value> & Sendable

    static func flag(_ key: String, _ subject: Subject, _ path: Path<Bool>, _ functions: String) -> Self {
        Self(
            key: key, subject: subject, functions: functions, domain: .flag,
            read: { .flag($0[keyPath: path]) },
            write: { profile, value in
                if case .flag(let holds) = value { profile[keyPath: path] = holds }
            })
    }

    static func number(
        _ key: String, _ subject: Subject, _ path: Path<Int>, in range: ClosedRange<Int>, _ functions: String
    ) -> Self {
        Self(
            key: key, subject: subject, functions: functions, domain: .number(range),
            read: { .number($0[keyPath: path]) },
            write: { profile, value in
                if case .number(let number) = value { profile[keyPath: path] = number }
            })
    }

    static func word<Choice: RuleChoice>(
        _ key: String, _ subject: Subject, _ path: Path<Choice>, _ functions: String
    ) -> Self {
        Self(
            key: key, subject: subject, functions: functions, domain: .words(Choice.allCases.map(\.rawValue)),
            read: { .word($0[keyPath: path].rawValue) },
            write: { profile, value in
                if case .word(let word) = value, let choice = Choice(rawValue: word) { profile[keyPath: path] = choice }
            })
    }

    /// A rule whose value is a set of a walk's rights.
    static func claims(_ key: String, _ path: Path<AllocFlags>, _ functions: String) -> Self {
        Self(
            key: key, subject: .reserves, functions: functions, domain: .set(AllocFlags.claims.map(\.name)),
            read: { .word(AllocFlags.names(of: $0[keyPath: path])) },
            write: { profile, value in
                if case .word(let text) = value { profile[keyPath: path] = AllocFlags(claims: text) }
            })
    }
}

extension AllocFlags {
    fileprivate static let claims: [(name: String, flag: AllocFlags)] = [
        ("minReserve", .minReserve), ("nonBlock", .nonBlock), ("highAtomic", .highAtomic), ("oom", .oom),
    ]

    fileprivate static func names(of flags: AllocFlags) -> String {
        let names = claims.filter { flags.contains($0.flag) }.map(\.name)
        return names.isEmpty ? "none" : names.joined(separator: "|")
    }

    fileprivate init(claims text: String) {
        self = Self.claims.filter { text.split(separator: "|").contains($0.name[...]) }.reduce(into: []) {
            $0.insert($1.flag)
        }
    }
}
