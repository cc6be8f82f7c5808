import Databases
import Experiments
import SourceText

/// The results of a sweep: in words, as tables for programs, and as the plan with all digests.
public struct SweepReport: Sendable {
    /// The results.
    public let table: SweepTable
    /// The folder with the results.
    public let folder: String

    /// Creates a report of the results in a folder.
    public init(_ table: SweepTable, folder: String) {
        self.table = table
        self.folder = folder
    }

    /// How many problems are listed; further ones are only counted.
    private static let mostListed = 10

    /// The report for people.
    public func text(_ style: TextStyle = .plain) -> String {
        let plan = table.plan
        var text = style.apply(.heading, plan.name.isEmpty ? plan.source : plan.name)
        let axes = plan.axes.map { "\($0.values.count) \(VisibleText.of($0.name))" }.joined(separator: " \u{D7} ")
        text += ": \(counted(plan.cellCount, "cell")) (\(axes))\n"
        text += "  \(table.records.count) have a result"
        text += table.isWhole ? ", all\n" : "; \(table.missing.count) are missing, cell \(table.missing[0]) the first\n"
        text += problems(
            "could not be played", table.failed.map { "\(name(of: $0.record)): \($0.why)" }, style)
        text += problems(
            "did not come out as expected",
            table.unexpected.map { "\(name(of: $0.record)): \($0.outcome.failures.first ?? "")" }, style)
        return text
    }

    private func name(of record: CellRecord) -> String {
        "cell \(record.number) (\(record.labels.joined(separator: ", ")))"
    }

    private func problems(_ what: String, _ lines: [String], _ style: TextStyle) -> String {
        guard !lines.isEmpty else { return "" }
        var text = style.apply(.warning, "  \(counted(lines.count, "cell")) \(what):") + "\n"
        for line in lines.prefix(Self.mostListed) { text += style.wrap(line, indent: 4, hanging: 2) }
        if lines.count > Self.mostListed { text += "    and \(lines.count - Self.mostListed) more\n" }
        return text
    }

    // MARK: - Tables

    private var titles: [String] {
        ["cell"] + table.plan.axes.map(\.name) + ["rules", "passed", "error"] + table.plan.measures.map(\.rawValue)
    }

    /// A row for each cell.
    public var csv: String {
        var csv = CommaTable(titles)
        for record in table.records {
            let head = ["\(record.number)"] + record.labels
            switch record.result {
            case .played(let outcome):
                let figures = table.plan.measures.map { Figures.text(outcome.figures[$0]) }
                csv.add(head + [outcome.rules, "\(outcome.passed)", ""] + figures)
            case .failed(let why): csv.add(head + ["", "", why] + table.plan.measures.map { _ in "" })
            }
        }
        return csv.text
    }

    /// The same as an SQLite file, with a table `inputs` of the digests beside `results`.
    ///
    /// - Returns: The file.
    /// - Throws: `DatabaseError` if the file cannot be created.
    package func database() throws(DatabaseError) -> DatabaseFile {
        let axes = table.plan.axes.map { axis in
            DatabaseFile.Column(axis.name, axis.values.allSatisfy { Int($0.label) != nil } ? .integer : .text)
        }
        let columns: [DatabaseFile.Column] =
            [.init("cell", .integer)] + axes + [
                .init("rules", .text), .init("passed", .integer), .init("error", .text),
            ]
            + table.plan.measures.map { .init($0.rawValue, .real) }
        let rows = table.records.map { record -> [DatabaseFile.Value] in
            let labels = zip(axes, record.labels).map { column, label -> DatabaseFile.Value in
                column.kind == .integer ? .integer(Int(label) ?? 0) : .text(label)
            }
            let head: [DatabaseFile.Value] = [.integer(record.number)] + labels
            switch record.result {
            case .played(let outcome):
                let figures = table.plan.measures.map { DatabaseFile.Value.real(outcome.figures[$0]) }
                return head + [.text(outcome.rules), .integer(outcome.passed ? 1 : 0), .null] + figures
            case .failed(let why):
                return head + [.null, .null, .text(why)] + table.plan.measures.map { _ in .null }
            }
        }
        let inputs = sources.map { [DatabaseFile.Value.text($0.name), .text($0.digest)] }
        return try DatabaseFile([
            .init(name: "results", columns: columns, rows: rows),
            .init(name: "inputs", columns: [.init("file", .text), .init("sha256", .text)], rows: inputs),
        ])
    }

    // MARK: - The plan with all digests

    /// The name of the plan's file without its folder.
    public var planName: String { table.plan.source.split(separator: "/").last.map(String.init) ?? "" }

    /// The plan's own file, then the others by name, as the plan names them.
    private var sources: [(name: String, digest: String)] {
        let plan = table.plan
        let folder = plan.source.lastIndex(of: "/").map { String(plan.source[...$0]) } ?? ""
        func own(_ name: String) -> String { name.hasPrefix(folder) ? String(name.dropFirst(folder.count)) : name }
        return [(planName, plan.digest)]
            + table.inputs.digests.sorted { $0.key < $1.key }.map { (own($0.key), $0.value) }
    }

    /// What was swept, from which files, and the results, each with its digest, so that it can be checked elsewhere.
    ///
    /// - Parameters:
    ///   - results: The files written, with their digests.
    /// - Returns: The manifest.
    public func manifest(results: [(name: String, digest: String)]) -> JSONValue {
        func files(_ files: [(name: String, digest: String)]) -> JSONValue {
            .init(files.map { ["name": .init($0.name), "sha256": .init($0.digest)] as JSONValue })
        }
        let plan = table.plan
        return [
            "name": .init(plan.name), "about": .init(plan.about),
            "cells": .init(plan.cellCount), "results": .init(table.records.count), "failed": .init(table.failed.count),
            "unexpected": .init(table.unexpected.count),
            "axes": .init(
                plan.axes.map {
                    ["name": .init($0.name), "values": .init($0.values.map { JSONValue($0.label) })] as JSONValue
                }), "measures": .init(plan.measures.map { JSONValue($0.rawValue) }), "inputs": files(sources),
            "files": files(results),
        ]
    }
}
