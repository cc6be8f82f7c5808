import Foundation
@testable import MachineSources
import SourceText
import TestSupport
import Testing

/// Logs within archives, as they are put by.
@Suite struct ArchivedTextTests {
    @Test func `a compressed log is the log`() throws {
        let machine = try MachineSource.bytes(Gzip.compress(Array(StatedFactTests.x86.utf8)), name: "boot.log.gz")
            .load()
        #expect(machine.snapshot.topology.nodes.count == 3)
    }

    @Test func `members that are compressed themselves are unpacked`() throws {
        let packed = Gzip.compress(Array(StatedFactTests.x86.utf8))
        let machine = ArchivedMachine([.init(path: "var/log/dmesg.1.gz", bytes: packed, isFile: true)])
        #expect(machine.texts.map(\.path) == ["var/log/dmesg.1"])
        #expect(machine.texts.first?.bytes == Array(StatedFactTests.x86.utf8))
        #expect(ArchivedMachine.wants("sos/var/log/messages-20240101.xz"))
        #expect(!ArchivedMachine.wants("sos/etc/passwd"))
    }

    @Test func `damaged bytes of any form are refused or read, never a trap`() throws {
        var generator = SeededGenerator(seed: 13)
        let texts = [
            StatedFactTests.x86, Trees.zone(),
            "qemu-system-x86_64 -m 2G -smp 4,sockets=2 -numa node -numa node,cpus=0\n",
            "<capabilities><cells><cell id='0'><memory unit='KiB'>1024</memory><cpu id='1'/></cell></cells></capabilities>",
            "node 0 cpus: 0\nnode 0 size: 64 MB\nnode distances:\nnode 0\n 0: 10\n",
        ]
        for text in texts {
            let whole = Array(text.utf8)
            for _ in 0..<40 {
                var bytes = whole
                for _ in 0..<Int.random(in: 1...6, using: &generator) {
                    bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(
                        in: 0...255, using: &generator)
                }
                _ = try? MachineSource.bytes(bytes, name: "input").load()
            }
        }
    }
}
