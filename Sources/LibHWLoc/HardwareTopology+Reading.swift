import CHWLoc
import OperatingSystem

extension HardwareTopology {
    /// Reads an XML file of hwloc 1.x or 2.x.
    ///
    /// hwloc's parser crashes on some damaged files, so it runs in a process of its own; a crash is reported as an
    /// error.
    ///
    /// - Parameters:
    ///   - xml: The file's bytes.
    /// - Throws: ``HardwareTopologyError`` if hwloc does not accept the text.
    package init(xml: [UInt8]) throws(HardwareTopologyError) {
        guard xml.count < Int32.max else { throw .notUnderstood("it is larger than 2 GiB") }
        try self.init(text: xml, isXML: true)
    }

    /// Reads a synthetic description such as `numa:2(memory=64GB) core:8 pu:2`.
    ///
    /// - Parameters:
    ///   - synthetic: The description.
    /// - Throws: ``HardwareTopologyError`` if hwloc does not accept the text.
    package init(synthetic: String) throws(HardwareTopologyError) {
        try self.init(text: Array(synthetic.utf8), isXML: false)
    }

    /// The CPU time that hwloc may take, in seconds: it needs less than one for the largest machines.
    static let mostSeconds = 10

    /// The functions of hwloc, loaded once.
    private static let library = Result { () throws(MissingLibrary) in
        try LoadedLibrary(.hwloc, numazones_hwloc(), numazones_hwloc_find)
    }

    /// The largest output of the child process, in bytes: with 1,024 nodes, the distances take 8 MiB.
    private static let longest = 64 << 20

    init(text: [UInt8], isXML: Bool, seconds: Int = mostSeconds) throws(HardwareTopologyError) {
        var hwloc: numazones_hwloc
        do throws(MissingLibrary) { hwloc = try Self.library.get().functions } catch { throw .missing(error) }
        // hwloc prints what it finds suspicious in a description to standard error; the caller reports it in its own
        // words.
        ThisProcess.setDefault("HWLOC_HIDE_ERRORS", to: "2")
        // hwloc expects a text that ends with a zero byte.
        var words = text.map { CChar(bitPattern: $0) }
        if words.last != 0 { words.append(0) }
        let child: ChildProcess
        do {
            child = try ChildProcess(longest: Self.longest) { closes, writes in
                numazones_hwloc_read(
                    &hwloc, words, isXML ? Int32(words.count) : 0, Int32(seconds), closes, writes)
            }
        } catch {
            throw .unavailable("no process can be started for it: \(error)")
        }
        // Its end shows whether the output is complete, not the exit status, which another part of the program may have
        // collected.
        if let whole = HardwareTopology(words: child.output) {
            self = whole
        } else if child.ranOutOfTime {
            throw .endless
        } else if child.status > 128 {
            throw .died(signal: child.status - 128)
        } else {
            throw .notUnderstood("hwloc does not understand it")
        }
    }

    /// Nil if the output of the child (`CHWLoc/describe.h`) is cut short.
    private init?(words bytes: [UInt8]) {
        self.init()
        var words = bytes.split(separator: 0, omittingEmptySubsequences: false).makeIterator()
        func next() -> String? { words.next().map { String(decoding: $0, as: UTF8.self) } }
        func number() -> UInt64? { next().flatMap { UInt64($0) } }
        var table: (nodes: [Int], rows: [[UInt64]])?
        while let word = next() {
            switch word {
            case "node":
                guard let node = Node(number(), number(), next(), next(), number(), number(), next()) else {
                    return nil
                }
                nodes.append(node)
            case "page":
                guard let size = number() else { return nil }
                if size > 0 { pageSize = min(pageSize ?? size, size) }
            case "info":
                guard let name = next(), let value = next() else { return nil }
                infos[name] = value
            case "distances":
                guard let size = number().flatMap({ Int(exactly: $0) }), size < 1 << 16 else { return nil }
                let order = (0..<size).compactMap { _ in number().map { Int(clamping: $0) } }
                let rows = (0..<size).map { _ in (0..<size).compactMap { _ in number() } }
                if table == nil, size == nodes.count { table = (order, rows) }
            case "end":
                nodes.sort { $0.number < $1.number }
                if let table { take(table.rows, of: table.nodes) }
                return
            default: return nil
            }
        }
        return nil
    }

    /// Takes the distances, with rows and columns in the order of ``nodes``.
    private mutating func take(_ table: [[UInt64]], of numbers: [Int]) {
        let places = nodes.compactMap { numbers.firstIndex(of: $0.number) }
        guard places.count == nodes.count, table.allSatisfy({ $0.count == table.count }) else { return }
        distances = places.map { row in places.map { table[row][$0] } }
    }
}

extension HardwareTopology.Node {
    /// Reads a node; nil if a word is missing or is not a number where one is required.
    fileprivate init?(
        _ number: UInt64?, _ memory: UInt64?, _ kind: String?, _ tier: String?, _ bandwidth: UInt64?,
        _ latency: UInt64?,
        _ processors: String?
    ) {
        guard let number, let memory, let kind, let tier, let bandwidth, let latency, let processors else { return nil }
        self.number = Int(clamping: number)
        self.memory = memory
        self.kind = kind.isEmpty ? nil : kind
        self.tier = Int(tier)
        self.bandwidth = bandwidth > 0 ? bandwidth : nil
        self.latency = latency > 0 ? latency : nil
        self.processors = processors.split(separator: ",").flatMap { range -> [Int] in
            let ends = range.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last else { return [] }
            return Array(min(first, Self.mostProcessors)..<min(max(first, last + 1), Self.mostProcessors))
        }
    }

    /// The upper limit of processors' numbers.
    private static let mostProcessors = 1 << 16
}
