import Foundation
import TestSupport

@testable import KernelLog

/// A log of the shared material, its reports, and what is in it by a count that shares no code with the reader.
struct LogCorpus {
    let path: String
    let bytes: [UInt8]

    init(_ path: String) throws {
        self.path = path
        bytes = Array(try Data(contentsOf: SharedMaterial.root.appendingPathComponent(path)))
    }

    /// The text with everything a folded line could hide made one: line breaks are blanks.
    private var flat: String {
        String(decoding: bytes, as: UTF8.self).replacing("\\x0a", with: " ").replacing("\r", with: " ")
    }

    /// How many lines of free blocks there are: each ends with its sum.
    var freeBlockLines: Int { flat.matches(of: /[)B]\s*=\s*\d+kB/).count }
    /// How many orders they have together.
    var freeBlockOrders: Int { flat.matches(of: /\d+\*\d+kB/).count }
    var freeBlockLetters: Int { flat.matches(of: /kB\s+\([UMERHCI]+\)/).count }
    /// How many lines of marks there are: only they say `high:`.
    var markLines: Int { flat.matches(of: /\shigh:\d+kB/).count }
    var reserveLines: Int { flat.matches(of: /lowmem_reserve\[\]:/).count }
    var nodeLines: Int { flat.matches(of: /Node \d+\s+active_anon:/).count }
    var hugePageLines: Int { flat.matches(of: /hugepages_total=/).count }

    /// How many reports begin their counters, and how many end with the size of memory.
    var counterBlocks: Int { flat.matches(of: /\bactive_anon:\d+\s/).count }
    var sizeLines: Int { flat.matches(of: /\d+\spages\sRAM/).count }
    var taskRows: Int { flat.matches(of: /\[\s*\d+\]\s+\d+\s+\d+\s+\d+\s+\d+\s/).count }

    static let dmesg = SharedMaterial.files(in: "corpus/dmesg", endingIn: ".txt")
    static let wrapped = SharedMaterial.files(in: "corpus/dmesg-wrapped", endingIn: ".txt")
    static let failures = SharedMaterial.files(in: "oracle/failures", endingIn: ".log")
        .filter { !$0.hasSuffix(".boot.log") && !$0.contains("variants/") }
    /// Read once: a hundred boot logs take a while without optimisation.
    static let boots = Dictionary(
        uniqueKeysWithValues: bootLogs.compactMap { path in (try? LogCorpus(path)).map { (path, BootLog($0.bytes)) } })
    static let bootLogs = SharedMaterial.files(in: "oracle/failures", endingIn: ".boot.log")
    /// Those of the CMA kernels are empty, and one belongs to a log that is not there.
    static let variants = SharedMaterial.files(in: "oracle/failures/variants").filter {
        ($0.hasSuffix(".txt") || $0.hasSuffix(".journal.json")) && !$0.contains("k612c-cma")
            && !$0.contains("/k612-movablecore-kernel.")
    }
}

/// The JSON beside a failure log.
struct FailureTruth: Decodable {
    struct InLog: Decodable {
        var page_allocation_failures: [[String]]
        var oom_invocations: [[String]]
        var oom_killed: [[String]]
        var constraints: [String]
    }
    struct Machine: Decodable {
        struct Node: Decodable {
            var mib: Int
            var cpus: [Int]
        }
        var nodes: [Node]
        var distance: [[Int]]?
        var smp: Int
    }
    var release: String
    var cmdline: String
    var in_log: InLog
    var qemu: Machine

    init(of log: String) throws {
        let path = log.replacing(/(\.boot)?\.log$/, with: ".json")
        let data = try Data(contentsOf: SharedMaterial.root.appendingPathComponent(path))
        self = try JSONDecoder().decode(FailureTruth.self, from: data)
    }
}
