import NUMAZones

/// The texts of procfs and sysfs; the first byte says which.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let bytes = Array(UnsafeBufferPointer(start: start + 1, count: count - 1))
    func read<Text: KernelTextFile>(_ type: Text.Type) {
        guard let text = try? Text(parsing: bytes, name: "input") else { return }
        _ = text.text
    }
    switch start[0] & 7 {
    case 0: read(ZoneInfoText.self)
    case 1: read(BuddyInfoText.self)
    case 2: read(PageTypeInfoText.self)
    case 3: read(VMStatText.self)
    case 4: read(NUMAStatText.self)
    case 5: read(MemInfoText.self)
    case 6: read(NUMACtlText.self)
    default:
        let text = String(decoding: bytes, as: UTF8.self)
        for layout in GFPLayout.all.suffix(3) {
            guard let flags = try? GFPFlags(parsing: text, layout: layout) else { continue }
            _ = layout.describe(flags)
        }
    }
    return 0
}
