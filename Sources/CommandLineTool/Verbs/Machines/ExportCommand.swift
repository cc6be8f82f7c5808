import ArgumentParser
import MachineSources
import OperatingSystem
import Report
import SourceText

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a machine in a form that other programs read.",
        discussion: """
            What a form cannot say is named on standard error.

            EXAMPLES
              numazones export Config/two-socket.json --to hwloc-xml > two-socket.xml
              numazones export boot.log + numactl.txt --to json > machine.json
              numazones export --host --to qemu
              numazones export Config/cxl-tiered.json --to sysfs --output tree && lstopo --input tree

            FORMS
            \(ExportFormat.all.map { "  \($0.name): \($0.about)" }.joined(separator: "\n"))
            """)

    @Argument(help: "The machine; several sources of one with + between them.", completion: .file())
    var source: [String] = []

    @OptionGroup var machine: MachineOptions

    @Option(
        help: ArgumentHelp("The form: \(ExportFormat.all.map(\.name).joined(separator: ", ")).", valueName: "form"),
        completion: .list(ExportFormat.all.map(\.name)))
    var to: String

    @Option(
        help: ArgumentHelp(
            "The file to write, or for sysfs the directory, which must not be there yet.", valueName: "path"),
        completion: .file())
    var output: String?

    func run() throws {
        guard let format = ExportFormat.named(to) else {
            throw ToolError(
                "--to \(to): no such format; there are \(ExportFormat.all.map(\.name).joined(separator: ", "))")
        }
        let loaded = try machine.load(words: source)
        let exported = try loaded.exported(to: format)
        switch exported.content {
        case .text(let text):
            if let output {
                try OutputFile.write(text, to: output)
            } else {
                Output.write(text)
            }
        case .bytes(let bytes):
            guard let output else { throw ToolError("--to \(to) writes binary data: name a file with --output") }
            var file = try OutputFile.create(output)
            try file.write(bytes)
            try file.finish()
        case .files(let files): try write(files)
        }
        Output.notes(loaded)
        for words in exported.omitted { Output.note("note: \(format.name) cannot say: \(words)") }
    }

    private func write(_ files: [String: String]) throws {
        guard let output else { throw ToolError("--to \(to) writes a directory: name it with --output") }
        guard !FileSystem.exists(output) else {
            throw ToolError("\(output): is there already; a tree is written to a new directory")
        }
        for (path, text) in files.sorted(by: { $0.key < $1.key }) {
            let folder = path.split(separator: "/").dropLast().joined(separator: "/")
            do { try FileSystem.makeDirectory("\(output)/\(folder)") } catch {
                throw ToolError("\(output)/\(folder): no directory can be made there: \(error)")
            }
            try OutputFile.write(text, to: "\(output)/\(path)")
        }
    }
}
