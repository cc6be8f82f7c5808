import Foundation
import KernelText
import MachineSources
import TestSupport
import Testing

@testable import Report

/// A saved machine prints the kernel's own texts as they were saved, and reading them back changes nothing.
@Suite struct ReprintedTextTests {
    private static let proc = "corpus/proc"

    private static var trees: [String] {
        let root = SharedMaterial.root.appendingPathComponent(proc)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        return names.filter { !$0.contains(".") }.sorted()
    }

    /// Without blanks at the ends of lines, which mails and copies lose.
    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: true).map { line in
            String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    @Test(.enabled(if: SharedMaterial.has(proc)), arguments: trees)
    func `every text of a saved tree`(name: String) throws {
        let root = SharedMaterial.root.appendingPathComponent("\(Self.proc)/\(name)").path
        // Types of free blocks alone, or loose logs, are no machine.
        guard let read = try? MachineSource.path(root).load() else { return }
        let machine = try read.machine()
        for format in [KernelFileFormat.zoneinfo, .buddyinfo, .pagetypeinfo, .vmstat] {
            let paths = ["\(root)/\(format.rawValue)", "\(root)/proc/\(format.rawValue)"]
            guard let data = paths.lazy.compactMap({ FileManager.default.contents(atPath: $0) }).first else { continue }
            let printed = format.text(of: machine, read: read)
            #expect(Self.lines(printed) == Self.lines(String(decoding: data, as: UTF8.self)), "\(name): \(format)")
        }
        let table = KernelFileFormat.numastat.text(of: machine, read: read)
        for node in read.snapshot.topology.nodes.map(\.id) {
            let path = "\(root)/sys/devices/system/node/node\(node)/numastat"
            guard let data = FileManager.default.contents(atPath: path) else { continue }
            let saved = try NUMAStatText(parsing: Array(data), name: path)
            let shown = try NUMAStatText(parsing: Array(table.utf8), name: "numastat")
            for row in saved.rows {
                #expect(shown.value(row.name, node: node) == row.values.first, "\(name): \(row.name)")
            }
        }
    }
}
