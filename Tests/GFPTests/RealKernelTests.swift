import Foundation
import TestSupport
import Testing

@testable import GFP

@Suite
struct RealKernelTests {
    private func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: SharedMaterial.root.appendingPathComponent(path)), as: UTF8.self)
    }

    /// What a shell command prints about a gzipped file, its `$1`: the files are too large to search in Swift here.
    private func shell(_ command: String, _ path: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command, "sh", SharedMaterial.root.appendingPathComponent(path).path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    @Test(
        .enabled(if: SharedMaterial.has("oracle/recordings")))
    func `every recorded gfp_bits equals the layout of its kernel`() throws {
        let files = SharedMaterial.files(in: "oracle/recordings", endingIn: ".json.gz")
        #expect(!files.isEmpty)
        for file in files {
            let recording = try shell("gzip -dc \"$1\" | head -c 20000", file)
            let version = try #require(recording.firstMatch(of: /"package": *"([^"-]+)/)?.1, "\(file)")
            let layout = GFPLayout.layout(for: try #require(KernelVersion(version)))
            let table = try #require(recording.firstMatch(of: /"gfp_bits": *(\{[^}]*\})/)?.1, "\(file)")
            let bits = try JSONDecoder().decode([String: UInt64].self, from: Data(table.utf8))
            #expect(bits.count > 30)
            for (name, value) in bits.sorted(by: { $0.key < $1.key }) {
                let flags = try #require(layout.flags(named: name), "\(name) in \(file)")
                #expect(layout.kernelValue(of: flags) == value, "\(name) in \(file)")
            }
        }
    }

    /// A report's kernel, from the name of its file. The 5.13 one is of a linux-next that already had 5.14's flags.
    private func version(of file: String) -> KernelVersion? {
        let name = (file as NSString).lastPathComponent
        if name.hasPrefix("k612") { return KernelVersion(6, 12) }
        if name.hasPrefix("k61") { return KernelVersion(6, 1) }
        if name.hasPrefix("051-5.13.0") { return KernelVersion(5, 14) }
        return name.firstMatch(of: /^\d+-(?:wrapped-complete-)?(\d+\.\d+(?:\.\d+)?)/).flatMap { KernelVersion($0.1) }
    }

    @Test(
        .enabled(if: SharedMaterial.has("corpus/dmesg") && SharedMaterial.has("oracle/failures")))
    func `number and text of every report name the same flags, and print as the kernel printed them`() throws {
        let files =
            SharedMaterial.files(in: "corpus/dmesg", endingIn: ".txt")
            + SharedMaterial.files(in: "corpus/dmesg-wrapped", endingIn: ".txt")
            + SharedMaterial.files(in: "oracle/failures", endingIn: ".log")
        var pairs = 0
        for file in files {
            guard let version = version(of: file) else { continue }
            let layout = GFPLayout.layout(for: version)
            for match in try text(file).matches(of: /(?:mode:|gfp_mask=)0x([0-9a-f]+)(?:\(([^)\n]*)\))?/) {
                let value = try #require(UInt64(match.1, radix: 16))
                let (flags, unknown) = layout.flags(fromKernelValue: value)
                #expect(unknown == 0, "0x\(match.1) in \(file)")
                guard let printed = match.2 else { continue }
                pairs += 1
                #expect(layout.describe(kernelValue: value) == printed, "0x\(match.1) in \(file)")
                let read = printed.isEmpty ? [] : try GFPFlags(parsing: String(printed), layout: layout)
                #expect(read == flags, "\(printed) in \(file)")
            }
        }
        #expect(pairs > 200)
    }

    @Test(
        .enabled(if: SharedMaterial.has("oracle/traces")))
    func `every mask in the traces reads, and prints back as the trace has it`() throws {
        for file in SharedMaterial.files(in: "oracle/traces", endingIn: "trace.txt.gz") {
            let version = file.contains("/k612") ? KernelVersion(6, 12) : KernelVersion(6, 1)
            let layout = GFPLayout.layout(for: version)
            let command = "gzip -dc \"$1\" | grep -o 'gfp_flags=[^ ]*' | cut -d= -f2 | LC_ALL=C sort -u"
            let spellings = try shell(command, file).split(separator: "\n")
            #expect(spellings.count > 5, "\(file)")
            for spelling in spellings {
                let flags = try GFPFlags(parsing: String(spelling), layout: layout)
                #expect(layout.describe(flags) == spelling, "\(file)")
            }
        }
    }
}
