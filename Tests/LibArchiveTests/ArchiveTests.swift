import Foundation
import LibArchive
import SourceText
import TestSupport
import Testing

@Suite struct ArchiveTests {
    /// A tar archive's member; the only form whose bytes are simple enough to make here.
    private static func member(_ name: String, _ content: [UInt8], size: Int? = nil, type: Character = "0") -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
        }
        func octal(_ value: Int, _ digits: Int) -> String {
            let text = String(value, radix: 8)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        put(String(name.prefix(99)), at: 0)
        put("0000644", at: 100)
        put(octal(size ?? content.count, 11), at: 124)
        put("00000000000", at: 136)
        put("        ", at: 148)
        put(String(type), at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        put(octal(header.reduce(0) { $0 + Int($1) }, 6), at: 148)
        header[154] = 0
        let padding = (512 - content.count % 512) % 512
        return header + content + [UInt8](repeating: 0, count: padding)
    }

    private static let end = [UInt8](repeating: 0, count: 1024)

    @Test func `members that are wanted are kept, others are passed over`() throws {
        let bytes = Self.member("a/proc/zoneinfo", Array("Node".utf8)) + Self.member("./b", [1, 2, 3]) + Self.end
        #expect(Archive.isArchive(bytes))
        let members = try Archive(bytes, name: "a.tar").members { $0.hasSuffix("zoneinfo") || $0 == "c" }
        #expect(members == [Archive.Member(path: "a/proc/zoneinfo", bytes: Array("Node".utf8), isFile: true)])
    }

    @Test(arguments: ["../../etc/passwd", "a/../../b", "/etc/passwd"])
    func `a name that leads out of the archive is refused`(name: String) {
        let bytes = Self.member(name, [1]) + Self.end
        #expect(throws: ArchiveError.self) { try Archive(bytes, name: "a.tar").members { _ in true } }
    }

    @Test func `links are names and nothing else`() throws {
        let bytes = Self.member("node0/memory1", [], type: "2") + Self.end
        let members = try Archive(bytes, name: "a.tar").members { _ in true }
        #expect(members.map(\.isFile) == [false])
    }

    @Test func `limits are kept`() throws {
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        let bytes = Self.member("a", zeros) + Self.member("b", zeros) + Self.end
        func read(_ limits: ArchiveLimits) throws -> Int {
            try Archive(bytes, name: "a.tar").members(limits: limits) { _ in true }.count
        }
        #expect(try read(ArchiveLimits()) == 2)
        #expect(throws: ArchiveError.self) { try read(ArchiveLimits(members: 1)) }
        #expect(throws: ArchiveError.self) { try read(ArchiveLimits(unpacked: 1 << 20)) }
        #expect(throws: ArchiveError.self) { try read(ArchiveLimits(member: 1 << 19)) }
        #expect(throws: ArchiveError.self) { try read(ArchiveLimits(kept: 3 << 19)) }
    }

    @Test func `what unpacks to many times its size is not read to its end`() throws {
        let bytes = Self.member("a", [UInt8](repeating: 0, count: 1 << 20)) + Self.end
        let limits = ArchiveLimits(member: 1 << 16, ratio: 0)
        for wants in [true, false] {
            do {
                _ = try Archive(bytes, name: "a.tar").members(limits: limits) { _ in wants }
                Issue.record("it was read")
            } catch {
                #expect(error.problem == .tooDense(0) || error.problem == .memberTooLarge("a", 1 << 16))
            }
        }
        #expect(try Archive(bytes, name: "a.tar").members { _ in false } == [])
    }

    @Test func `a size that is a lie, and an archive that is cut, are errors`() {
        let lie = Self.member("a", [1, 2, 3], size: 1 << 33) + Self.end
        #expect(throws: ArchiveError.self) { try Archive(lie, name: "a.tar").members { _ in true } }
        let whole = Self.member("a", [UInt8](repeating: 7, count: 5000)) + Self.end
        #expect(throws: ArchiveError.self) {
            try Archive(Array(whole.prefix(3000)), name: "a.tar").members { _ in true }
        }
    }

    /// gzip's members follow one another, so that one that is made once makes a file of any size.
    private static func zeros(_ bytes: Int, after start: [UInt8] = []) -> [UInt8] {
        let part = 64 << 20
        let member = Gzip.compress([UInt8](repeating: 0, count: part))
        return Gzip.compress(start) + (0..<bytes / part).flatMap { _ in member }
    }

    @Test func `ten gigabytes of zeros in ten megabytes are given up after 256 MiB`() {
        let size = 10 << 30
        let header = Array(Self.member("var/log/messages", [], size: size).prefix(512))
        let bytes = Self.zeros(size, after: header)
        #expect(bytes.count < 12 << 20)
        for wants in [true, false] {
            #expect(throws: ArchiveError.self) { try Archive(bytes, name: "a.tar.gz").members { _ in wants } }
        }
        // One compressed file, which has no header to say how large it is.
        let silent = Self.zeros(size, after: Array("words".utf8))
        #expect(throws: ArchiveError.self) { try Archive(silent, name: "a.gz").members { _ in true } }
        #expect(throws: Gzip.Failure.self) { try Gzip.decompress(bytes) }
    }

    @Test func `a hundred thousand members are read, and more than may be are refused`() throws {
        let member = Self.member("proc/1/maps", [])
        let bytes = (0..<100_000).flatMap { _ in member } + Self.member("proc/zoneinfo", [1]) + Self.end
        let packed = Archive(Gzip.compress(bytes), name: "a.tar.gz")
        #expect(try packed.members { $0.hasSuffix("zoneinfo") }.map(\.path) == ["proc/zoneinfo"])
        do {
            _ = try packed.members(limits: ArchiveLimits(members: 99_999)) { _ in false }
            Issue.record("it was read")
        } catch {
            #expect(error.problem == .tooManyMembers(99_999))
        }
    }

    @Test func `an archive that ends within a member says so, packed or not`() {
        let whole = Self.member("proc/zoneinfo", [UInt8](repeating: 7, count: 5000)) + Self.end
        for bytes in [
            Array(whole.prefix(3000)), Gzip.compress(Array(whole.prefix(3000))), Gzip.compress(whole).dropLast(9),
        ] {
            do {
                _ = try Archive(bytes, name: "a.tar").members { _ in true }
                Issue.record("it was read")
            } catch {
                guard case .damaged = error.problem else {
                    Issue.record("\(error)")
                    continue
                }
                #expect(error.description.hasPrefix("a.tar: the archive cannot be read: "))
            }
        }
    }

    @Test func `damaged bytes never trap`() {
        var generator = SeededGenerator(seed: 20)
        let whole = Self.member("proc/zoneinfo", [UInt8](repeating: 7, count: 700)) + Self.member("b", [1]) + Self.end
        for _ in 0..<500 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            _ = try? Archive(bytes, name: "a.tar").members { _ in true }
        }
    }
}
