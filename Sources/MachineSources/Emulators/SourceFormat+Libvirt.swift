import SourceText
import Topology

extension SourceFormat {
    /// libvirt's domains (`virsh dumpxml`), and its hosts (`virsh capabilities`), whose cells have the same as content.
    static let libvirt = SourceFormat(
        name: "a libvirt domain", accepted: "libvirt's domain XML with <cpu><numa>, or virsh capabilities",
        recognises: { input in
            input.start.hasPrefix("<")
                && (input.head.mentions("<domain") && input.head.mentions("<memory")
                    || input.head.mentions("<numa>") && input.head.mentions("<cell ")
                    || input.head.mentions("<capabilities") && input.head.mentions("<cells"))
        },
        load: { input in
            var facts = MachineFacts(name: input.name)
            var domain = LibvirtDescription()
            for tag in XMLTag.all(in: String(decoding: input.bytes, as: UTF8.self)) { domain.read(tag) }
            facts.commandLine = domain.commandLine
            facts.pageSize = domain.pageSize
            try domain.machine.add(to: &facts)
            return SourcePart(facts: facts, kind: "a libvirt domain", name: input.name)
        })
}
