import Topology

extension NUMACtlText {
    public init(parsing bytes: [UInt8], name: String) throws(KernelTextError) {
        var parser = NUMACtlParser(KernelTextLines(bytes, file: name))
        try parser.read()
        self.init(nodes: parser.sortedNodes, distances: try parser.matrix(), notes: parser.notes)
        guard !nodes.isEmpty else {
            throw KernelTextError(file: name, problem: "no node in it; expected the output of 'numactl -H'")
        }
    }
}

/// Reads word by word, because mail programs fold lines anywhere.
private struct NUMACtlParser {
    private let file: String
    private let words: [(text: Substring, line: KernelTextLines.Line)]
    private var position = 0
    private var nodes: [NodeID: NUMACtlText.Node] = [:]
    private var columns: [NodeID] = []
    private var rows: [NodeID: [UInt8]] = [:]
    private(set) var notes: [String] = []

    init(_ lines: KernelTextLines) {
        file = lines.file
        // Mail programs also replace blanks by no-break spaces.
        words = lines.lines.flatMap { line in
            line.fields.flatMap { $0.split(separator: "\u{A0}") }.map { field in
                (field.drop { $0 == ">" || $0 == "\"" }, line)
            }.filter { !$0.0.isEmpty }
        }
    }

    var sortedNodes: [NUMACtlText.Node] { nodes.values.sorted { $0.id < $1.id } }

    private func word(_ offset: Int = 0) -> Substring? {
        words.indices.contains(position + offset) ? words[position + offset].text : nil
    }

    mutating func read() throws(KernelTextError) {
        while let word = word() {
            let line = words[position].line
            guard word == "node" else {
                position += 1
                continue
            }
            if self.word(1) == "distances:" {
                guard columns.isEmpty else { return stopBeforeSecond(line) }
                position += 2
                try readDistances()
            } else if let kind = self.word(2), ["cpus:", "size:", "free:"].contains(kind) {
                let id = try line.node(self.word(1))
                position += 3
                guard columns.isEmpty else { return stopBeforeSecond(line) }
                var node = nodes[id] ?? NUMACtlText.Node(id: id)
                if kind == "cpus:", node.cpus != nil {
                    notes.append(line.note("node \(id) appears a second time; the last lines of it count"))
                }
                switch kind {
                case "cpus:": node.cpus = try readCPUs()
                case "size:": node.size = try readMegabytes(line, of: "size of node \(id)")
                default: node.free = try readMegabytes(line, of: "free memory of node \(id)")
                }
                nodes[id] = node
            } else if columns.isEmpty, rows.isEmpty, self.word(1).flatMap({ Int($0) }) != nil {
                try readDistances()
            } else {
                position += 1
            }
        }
    }

    private mutating func stopBeforeSecond(_ line: KernelTextLines.Line) {
        notes.append(line.note("a second output begins here; only the first is read"))
    }

    private mutating func readCPUs() throws(KernelTextError) -> [CPUID] {
        var cpus: Set<Int> = []
        while let word = word(), word.utf8.first.map({ (48...57).contains($0) }) == true, word.last != ":" {
            do throws(KernelTextError) {
                cpus.formUnion(try NumberSetText.list(parsing: String(word), name: file))
            } catch {
                throw words[position].line.error(error.problem)
            }
            position += 1
        }
        return cpus.sorted().map { CPUID($0) }
    }

    private mutating func readMegabytes(
        _ line: KernelTextLines.Line, of what: String
    ) throws(KernelTextError) -> Int {
        // "<not available>" is printed for a node that may not be read.
        guard let word = word(), word.first != "<" else { return 0 }
        let value = try line.amount(word, of: what)
        guard value <= 1 << 40 else { throw line.error("\(what) is \(value) MB, more than any machine has") }
        position += 1
        return value
    }

    private mutating func readDistances() throws(KernelTextError) {
        if word() == "node" { position += 1 }
        while let word = word(), Int(word) != nil {
            let node = try words[position].line.node(word)
            guard !columns.contains(node) else { throw words[position].line.error("node \(node) has two columns") }
            columns.append(node)
            position += 1
        }
        while let word = word(), word.last == ":", Int(word.dropLast()) != nil {
            let line = words[position].line
            let node = try line.node(word.dropLast())
            position += 1
            var row: [UInt8] = []
            while let next = self.word(), row.count < columns.count, Int(next) != nil {
                guard let distance = UInt8(next) else {
                    throw words[position].line.error("the distance '\(next.prefix(24))' is not a number from 0 to 255")
                }
                row.append(distance)
                position += 1
            }
            guard columns.contains(node) else { throw line.error("node \(node) has a row and no column") }
            rows[node] = row
        }
        for node in columns where nodes[node] == nil { nodes[node] = NUMACtlText.Node(id: node) }
    }

    /// Reads the table; missing distances are taken from the other side of its diagonal.
    mutating func matrix() throws(KernelTextError) -> DistanceMatrix? {
        guard !columns.isEmpty else { return nil }
        let ids = sortedNodes.map(\.id)
        var matrix = DistanceMatrix(nodes: ids)
        var isIncomplete = columns.count < ids.count
        for (row, from) in ids.enumerated() {
            for (column, to) in ids.enumerated() {
                if let distance = distance(from, to) {
                    matrix[row, column] = distance
                } else {
                    isIncomplete = true
                    if let distance = distance(to, from) { matrix[row, column] = distance }
                }
            }
        }
        if isIncomplete {
            notes.append(
                "\(file): the table of distances is not complete; what is missing is taken from the other side, "
                    + "or is 10 (same node) and 20 (another)")
        }
        return matrix
    }

    private func distance(_ from: NodeID, _ to: NodeID) -> UInt8? {
        guard let row = rows[from], let column = columns.firstIndex(of: to), column < row.count else { return nil }
        return row[column]
    }
}
