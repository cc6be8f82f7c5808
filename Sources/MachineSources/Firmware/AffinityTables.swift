import SourceText
import Topology

/// The firmware's System Resource Affinity Table and System Locality Information Table, disassembled by ACPICA's `iasl`.
///
/// Each field is a line such as `[052h 0082   4]             Proximity Domain : 00000000`, in hexadecimals.
struct AffinityTables {
    private(set) var entries: [Entry] = []
    /// Rows of the table of distances; empty without such a table.
    private(set) var distances: [[UInt8]] = []
    /// Names of other tables in the file.
    private(set) var others: [String] = []

    /// An entry of the affinity table.
    struct Entry: Hashable {
        /// The subtable's type: 0 a processor by APIC, 1 memory, 2 a processor by x2APIC, 3 an arm64 processor, 5 and 6
        /// devices that initiate accesses, 7 a RISC-V processor (ACPI 6.5, 5.2.16).
        var type: UInt64
        /// By name, as far as they are needed.
        var fields: [String: UInt64] = [:]

        var isEnabled: Bool { fields["Enabled"] != 0 }
        var isProcessor: Bool { [0, 2, 3, 7].contains(type) }
        var isMemory: Bool { type == 1 }

        /// The firmware's number of the node.
        var domain: UInt64 {
            fields["Proximity Domain"]
                ?? (fields["Proximity Domain Low(8)"] ?? 0) | (fields["Proximity Domain High(24)"] ?? 0) << 8
        }

        /// The addresses of memory; nil if there are none, or no machine has them.
        var range: Range<UInt64>? {
            guard let base = fields["Base Address"], let length = fields["Address Length"] else { return nil }
            return Range(address: base, size: length)
        }
    }

    init(_ text: String) {
        var table = ""
        var rest = 0
        for line in text.split(whereSeparator: \.isNewline) {
            guard let field = Self.field(line) else {
                // A long row of distances goes on in lines without a name.
                if rest > 0, let row = distances.indices.last {
                    append(Self.bytes(line), to: row, &rest)
                    if !line.trimmed.hasSuffix("\\") { rest = 0 }
                }
                continue
            }
            if field.name == "Signature" {
                table = field.value.split(separator: "\"").first.map(String.init) ?? ""
                if table != "SRAT", table != "SLIT", !others.contains(table) { others.append(table) }
            } else if table == "SRAT" {
                read(field)
            } else if table == "SLIT", field.name.hasPrefix("Locality ") {
                distances.append([])
                rest = NodeID.limit
                append(Self.bytes(field.value), to: distances.count - 1, &rest)
                if !field.value.trimmed.hasSuffix("\\") { rest = 0 }
            } else if rest > 0, field.name.isEmpty, let row = distances.indices.last {
                append(Self.bytes(field.value), to: row, &rest)
            }
        }
    }

    private mutating func append(_ bytes: [UInt8], to row: Int, _ rest: inout Int) {
        distances[row] += bytes.prefix(rest)
        rest -= min(bytes.count, rest)
    }

    private mutating func read(_ field: (name: String, value: Substring)) {
        guard let value = UInt64(field.value.prefix { !$0.isWhitespace }, radix: 16) else { return }
        if field.name == "Subtable Type" {
            guard entries.count < 1 << 16 else { return }
            entries.append(Entry(type: value))
        } else if let last = entries.indices.last {
            entries[last].fields[field.name] = value
        }
    }

    /// Reads `[078h 0120   1]                Subtable Type : 01 [Memory Affinity]`; the part in brackets may be missing.
    private static func field(_ line: Substring) -> (name: String, value: Substring)? {
        guard let colon = line.firstRange(ofText: " : ") else { return nil }
        var name = line[..<colon.lowerBound]
        if let bracket = name.firstIndex(of: "]"), name.first == "[" { name = name[name.index(after: bracket)...] }
        return (name.trimmed, line[colon.upperBound...].drop(while: \.isWhitespace))
    }

    private static func bytes(_ text: Substring) -> [UInt8] {
        text.split(whereSeparator: \.isWhitespace).compactMap { $0.count == 2 ? UInt8($0, radix: 16) : nil }
    }
}

extension AffinityTables {
    /// The nodes as the kernel numbers them: in order of the entries, processors first (`acpi_map_pxm_to_node`,
    /// drivers/acpi/numa/srat.c).
    private var domains: [UInt64] {
        var domains: [UInt64] = []
        var known: Set<UInt64> = []
        let enabled = entries.filter { $0.isEnabled }
        for entry in enabled.filter({ !$0.isMemory }) + enabled.filter({ $0.isMemory })
        where known.insert(entry.domain).inserted {
            domains.append(entry.domain)
        }
        return domains.isEmpty ? distances.indices.map { UInt64($0) } : domains
    }

    func add(to facts: inout MachineFacts) {
        let domains = domains
        guard !domains.isEmpty, domains.count <= NodeID.limit else { return }
        let processors = entries.filter { $0.isProcessor && $0.isEnabled }
        facts.nodes = domains.enumerated().map { number, domain in
            var node = NodeFacts(id: NodeID(number))
            guard !entries.isEmpty else { return node }
            node.cpus = processors.enumerated().filter { $0.element.domain == domain }.map { CPUID($0.offset) }
            let ranges = entries.filter { $0.isMemory && $0.isEnabled && $0.domain == domain && $0.isUsual }
                .compactMap(\.range).sorted { $0.lowerBound < $1.lowerBound }
            node.ranges = ranges
            node.size = Int(clamping: ranges.bytes)
            return node
        }
        if let first = processors.first {
            switch first.type {
            case 3: facts.architecture = .arm64
            case 7: facts.architecture = .riscv64
            default: facts.architecture = .amd64
            }
        }
        useDistances(of: domains, &facts)
        addNotes(domains, &facts)
    }

    private func useDistances(of domains: [UInt64], _ facts: inout MachineFacts) {
        guard !distances.isEmpty else { return }
        var matrix = DistanceMatrix(nodes: domains.indices.map { NodeID($0) })
        for (row, from) in domains.enumerated() {
            for (column, to) in domains.enumerated() {
                guard let from = Int(exactly: from), let to = Int(exactly: to), distances.indices.contains(from),
                    distances[from].indices.contains(to)
                else { continue }
                matrix[row, column] = distances[from][to]
            }
        }
        facts.distances = matrix
    }

    private func addNotes(_ domains: [UInt64], _ facts: inout MachineFacts) {
        if domains.enumerated().contains(where: { $0.offset != Int(clamping: $0.element) }) {
            let names = domains.map(\.description).joined(separator: ", ")
            facts.note("The firmware's domains \(names) are the nodes from 0 on, in this order.", .used)
        }
        if !entries.isEmpty {
            facts.note(
                "CPUs have the order of the firmware's table, and what lies between a node's first and last address is taken "
                    + "as the table has it: the kernel's boot log would say what of it is memory.")
        }
        func bytes(_ chosen: (Entry) -> Bool) -> UInt64 {
            entries.filter { $0.isMemory && $0.isEnabled && chosen($0) }.compactMap(\.range).bytes
        }
        let pluggable = bytes { $0.isHotPluggable && !$0.isNonVolatile }
        if pluggable > 0 {
            facts.note(
                "The table has \(pluggable >> 20) MiB of addresses for memory that can be plugged in: they are left out.",
                .notUnderstood)
        }
        let lasting = bytes { $0.isNonVolatile }
        if lasting > 0 {
            facts.note(
                "The table has \(lasting >> 20) MiB of memory that keeps its contents: they are left out.",
                .notUnderstood)
        }
        for table in others { facts.note("The table \(table) has no effect here.", .notUnderstood) }
    }
}

extension AffinityTables.Entry {
    fileprivate var isHotPluggable: Bool { fields["Hot Pluggable"] == 1 }
    fileprivate var isNonVolatile: Bool { fields["Non-Volatile"] == 1 }
    fileprivate var isUsual: Bool { !isHotPluggable && !isNonVolatile }
}
