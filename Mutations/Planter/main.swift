import Foundation

// planter PROJECT COPY LIST...
//
// Copies what is built from PROJECT to COPY with the errors of all lists in it, and prints a line for each error: its
// number, its ID, its test, and why it is equivalent ("-": it is not), with tabs in between. Files that come out as they
// are already are left alone, so that a second build is quick.

func write(_ text: Data, to path: String) throws {
    let url = URL(fileURLWithPath: path)
    if (try? Data(contentsOf: url)) == text { return }
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url)
}

func plant() throws {
    let arguments = CommandLine.arguments
    guard arguments.count > 3 else { throw PlantingError("usage: planter PROJECT COPY LIST...") }
    let (project, copy) = (arguments[1], arguments[2])
    let errors = try arguments[3...].flatMap {
        try PlantedError.read(String(contentsOfFile: $0, encoding: .utf8), name: $0)
    }
    for (id, same) in Dictionary(grouping: errors, by: \.id) where same.count > 1 {
        throw PlantingError("there are \(same.count) errors [\(id)]")
    }
    var plantings: [String: Planting] = [:]
    var modules: Set<String> = []
    var faults: [String] = []
    for (index, error) in errors.enumerated() {
        let path = "Sources/\(error.file)"
        if plantings[path] == nil {
            guard let text = try? String(contentsOfFile: "\(project)/\(path)", encoding: .utf8) else {
                throw PlantingError("[\(error.id)] there is no \(path)")
            }
            plantings[path] = Planting(text, file: path)
        }
        do { try plantings[path]?.add(error, number: index + 1) } catch { faults.append("\(error)") }
        modules.insert(String(error.file.prefix { $0 != "/" }))
    }
    guard faults.isEmpty else { throw PlantingError(faults.joined(separator: "\nplanter: ")) }
    var kept: Set<String> = []
    // Beside these the folders with the headers of C libraries, whose names begin with that letter.
    let headers = try FileManager.default.contentsOfDirectory(atPath: project).filter { folder in
        let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(project)/\(folder)")) ?? []
        return folder.hasPrefix("C") && files.contains { $0.hasSuffix(".h") }
    }
    for root in ["Sources", "Tests", "Config", "Documentation"] + headers.sorted() {
        for case let name as String in FileManager.default.enumerator(atPath: "\(project)/\(root)") ?? .init() {
            let path = "\(root)/\(name)"
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: "\(project)/\(path)", isDirectory: &isDirectory),
                !isDirectory.boolValue
            else { continue }
            let planted = plantings[path].map { Data($0.result.utf8) }
            try write(planted ?? Data(contentsOf: URL(fileURLWithPath: "\(project)/\(path)")), to: "\(copy)/\(path)")
            kept.insert(path)
        }
    }
    for module in modules {
        try write(Data(Planting.switchboard.utf8), to: "\(copy)/Sources/\(module)/PlantedErrors.swift")
        kept.insert("Sources/\(module)/PlantedErrors.swift")
    }
    for root in ["Sources", "Tests"] {
        for case let name as String in FileManager.default.enumerator(atPath: "\(copy)/\(root)") ?? .init()
        where name.hasSuffix(".swift") && !kept.contains("\(root)/\(name)") {
            try FileManager.default.removeItem(atPath: "\(copy)/\(root)/\(name)")
        }
    }
    let manifest = Manifest(try String(contentsOfFile: "\(project)/Package.swift", encoding: .utf8))
    let tests = Set(errors.compactMap { $0.test.split(separator: ".").first.map(String.init) }.filter { !$0.isEmpty })
    try write(Data(manifest.keeping(tests: tests).utf8), to: "\(copy)/Package.swift")
    for (index, error) in errors.enumerated() {
        print("\(index + 1)\t\(error.id)\t\(error.test.isEmpty ? "-" : error.test)\t\(error.equivalence ?? "-")")
    }
}

do { try plant() } catch {
    FileHandle.standardError.write(Data("planter: \(error)\n".utf8))
    exit(1)
}
