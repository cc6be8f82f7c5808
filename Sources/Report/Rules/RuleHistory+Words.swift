import GFP
import PageAllocator
import SourceText

extension RuleHistory {
    /// What follows "rules of 6.1, the nearest older ones known": the known differences, in few words; empty if there
    /// are none.
    var remark: String {
        let keys = (behind + ahead).map(\.key) + undated
        guard !keys.isEmpty else {
            return absent.isEmpty
                ? "" : "; \(kernel) lacks \(absent.count == 1 ? "one" : "\(absent.count)") of their features"
        }
        let named = keys.prefix(3).joined(separator: ", ") + (keys.count > 3 ? " and \(keys.count - 3) more" : "")
        return "; \(kernel) may differ in \(named)"
    }

    /// What follows the kernel's name.
    var given: String { "  rules of \(KernelProfile(nearest: kernel).name)" }

    /// The differences line by line, for the page of a kernel.
    func text(_ style: TextStyle) -> String {
        lines { "\($0)" }.map { style.wrap($0, indent: 2, hanging: 2) }.joined()
    }

    /// The differences as a list within a list.
    var markdown: String {
        "* \(kernel), with the rules of \(KernelProfile(nearest: kernel).name):\n"
            + lines { "`\($0)`" }.map { "  * \($0)\n" }.joined()
    }

    /// The differences as lines of text.
    ///
    /// - Parameters:
    ///   - key: Returns how a key is written.
    private func lines(_ key: (String) -> String) -> [String] {
        var lines: [String] = []
        func add(_ line: String) { lines.append(line) }
        for change in behind {
            add("\(key(change.key)): since \(change.release), \(Self.sentence(change)); not followed")
        }
        for change in ahead {
            add("\(key(change.key)): \(Self.sentence(change)), which came only with \(change.release)")
        }
        if !undated.isEmpty {
            add(
                "different in the next profile, since an unknown release: \(undated.map(key).joined(separator: ", "))"
            )
        }
        for feature in absent { add("not before \(feature.release): \(feature.words)") }
        return lines
    }

    private static func sentence(_ change: Change) -> String {
        guard let rule = AllocatorRule.named(change.key) else { return "\(change.value)" }
        let words = RuleWords.of(rule)
        return "\(words.title.lowercasedFirst): \(words.sentence(change.value))"
    }

    /// The differences for programs.
    var json: JSONValue {
        func list(_ changes: [Change]) -> JSONValue {
            .init(
                changes.map {
                    ["key": .init($0.key), "since": .init($0.release.description), "value": $0.value.json]
                })
        }
        return [
            "kernel": .init(kernel.description), "rules": .init(KernelProfile(nearest: kernel).name),
            "behind": list(behind), "ahead": list(ahead), "undated": .init(undated.map { JSONValue($0) }),
            "absent": .init(absent.map { JSONValue($0.words) }),
        ]
    }
}

extension RuleHistory.Feature {
    var words: String {
        switch self {
        case .blocksOfItsOrderSuffice: "a high order no longer needs free blocks of lower orders"
        case .highAtomicReserve: "pageblocks are kept for atomic requests of high order"
        case .fragmentationAvoidance: "boosts of watermarks, and a first walk that avoids mixing types"
        }
    }
}
