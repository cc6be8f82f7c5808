import KernelText
import SourceText
import Topology

extension SourceFormat {
    /// Command lines of QEMU and virtme-ng.
    static let qemu = SourceFormat(
        name: "a QEMU command line", accepted: "a command line of QEMU or virtme-ng",
        recognises: { input in
            guard input.file != nil, !input.isBinary, input.bytes.count < 1 << 22 else { return false }
            // The log of a guest's kernel may begin with the command that started it.
            return !input.head.mentions("Linux version ") && EmulatorCommand(in: input.head) != nil
        },
        load: { input in
            guard let command = EmulatorCommand(in: String(decoding: input.bytes, as: UTF8.self)) else {
                throw SourceRefusal("\(input.name): has no command of QEMU or virtme-ng")
            }
            var facts = MachineFacts(name: input.name)
            var reader = EmulatorArguments()
            try reader.read(command.words, name: input.name)
            facts.commandLine = reader.commandLine
            if !command.isVirtme, reader.machine.memory == nil, !reader.machine.hasNamedMemory {
                reader.machine.memory = 128 << 20
                facts.note("The command gives no amount of memory: QEMU's 128 MiB are assumed.")
            }
            try reader.machine.add(to: &facts)
            return SourcePart(
                facts: facts, kind: command.isVirtme ? "a virtme-ng command line" : "a QEMU command line",
                name: input.name)
        })
}
