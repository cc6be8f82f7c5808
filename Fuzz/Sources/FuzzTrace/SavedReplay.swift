import Foundation
import NUMAZones
import SourceText

/// A good checkpoint, its blocks unpacked so that they can be changed.
struct SavedReplay {
    let bytes: [UInt8]

    static let free = SavedReplay(.free)
    static let lockstep = SavedReplay(.lockstep)

    /// What it is of.
    static let trace: [UInt8] = {
        var text = ""
        for number in 0..<40 {
            let what = number % 5 == 4 ? "mm_page_free" : "mm_page_alloc"
            let page = number % 5 == 4 ? number - 2 : number
            let rest = number % 5 == 4 ? "" : " migratetype=1 gfp_flags=GFP_KERNEL"
            text += "a-\(number) [00\(number % 4)] .... 1.0000\(number + 10): "
            text += "\(what): page=1 pfn=\(page * 96) order=\(page % 3)\(rest)\n"
        }
        return Array(text.utf8)
    }()

    private init(_ mode: ReplayOptions.Mode) {
        let path = NSTemporaryDirectory() + "/fuzz-checkpoint-\(getpid())-\(mode.rawValue)"
        defer { unlink(path) }
        do {
            var input = try TraceInput.open(ByteStream(name: "trace", bytes: Self.trace))
            var replay = try Replay(on: .topology(topology), options: ReplayOptions(mode: mode))
            let checkpoint = try ReplayCheckpoint(path, of: input, replay: replay)
            try replay.run(&input) { replay, input throws(TraceError) in
                try checkpoint.save(replay, input)
                return true
            }
            bytes = Self.unpacked(try SourceFile.load(path).bytes)
        } catch { fatalError("no checkpoint to change: \(error)") }
    }

    /// The same file with its blocks stored as they are.
    private static func unpacked(_ file: [UInt8]) -> [UInt8] {
        var result = Array(file[..<32])
        var place = 32
        while place + 24 <= file.count {
            var header = Array(file[place..<(place + 24)])
            let packed = Array(file[(place + 24)..<(place + 24 + Int(Checksums.number(header, 12)))])
            var content = [UInt8](repeating: 0, count: Int(Checksums.number(header, 8)))
            if header[1] == 0 {
                content = packed
            } else {
                let isWhole = packed.withUnsafeBytes { packed in
                    content.withUnsafeMutableBytes { DeflateBlock.decompress(packed, into: $0) }
                }
                precondition(isWhole)
            }
            header[1] = 0
            header.replaceSubrange(12..<16, with: header[8..<12])
            result += header + content
            place += 24 + packed.count
        }
        return result
    }

    func changed(by changes: ArraySlice<UInt8>) -> [UInt8] {
        var bytes = bytes
        var rest = changes
        while rest.count >= 4 {
            let change = Array(rest.prefix(4))
            let place = Int(change[0]) | Int(change[1]) << 8 | Int(change[2]) << 16
            bytes[32 + place % (bytes.count - 32)] = change[3]
            rest = rest.dropFirst(4)
        }
        Checksums.mend(&bytes)
        return bytes
    }
}
