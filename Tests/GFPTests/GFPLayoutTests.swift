import TestSupport
import Testing

@testable import GFP

@Suite
struct GFPLayoutTests {
    @Test func `layouts follow one another without gap or overlap, each with a source, none with a flag twice`() {
        for (older, newer) in zip(GFPLayout.all, GFPLayout.all.dropFirst()) {
            #expect(older.covers.upperBound == newer.covers.lowerBound)
        }
        for layout in GFPLayout.all {
            #expect(!layout.source.isEmpty)
            let used = layout.bits.filter { !$0.isEmpty }
            #expect(Set(used).count == used.count, "\(layout.source)")
            #expect(used.allSatisfy { $0.rawValue.nonzeroBitCount == 1 }, "\(layout.source)")
            #expect(layout.bits.count <= 32)
        }
    }

    /// Numbers that reports of these releases show for well-known masks.
    @Test(
        arguments: [
            ("2.6.32", "GFP_KERNEL", 0xD0), ("3.13", "GFP_HIGHUSER_MOVABLE", 0x200DA), ("3.3", "GFP_ATOMIC", 0x20),
            ("4.4", "GFP_KERNEL", 0x24_000C0), ("4.9", "GFP_HIGHUSER_MOVABLE", 0x242_00CA),
            ("4.5", "GFP_ATOMIC", 0x208_0020), ("4.14", "GFP_KERNEL", 0x14_000C0),
            ("4.15", "GFP_HIGHUSER_MOVABLE", 0x142_00CA), ("4.18", "GFP_ATOMIC", 0x48_0020),
            ("4.19", "GFP_HIGHUSER_MOVABLE", 0x62_00CA), ("5.0", "GFP_KERNEL", 0x60_00C0),
            ("5.1", "GFP_KERNEL", 0xCC0), ("5.10", "GFP_HIGHUSER_MOVABLE", 0x100CCA),
            ("5.15", "GFP_HIGHUSER_MOVABLE", 0x110_0CCA), ("6.1", "GFP_ATOMIC", 0xA20), ("6.3", "GFP_ATOMIC", 0x820),
            ("6.6", "GFP_NOWAIT", 0x800), ("6.8", "GFP_NOWAIT", 0x2800), ("6.17", "GFP_HIGHUSER_MOVABLE", 0x100CCA),
        ] as [(String, String, UInt64)])
    func `well-known masks have the numbers of their time`(version: String, name: String, value: UInt64) throws {
        let layout = GFPLayout.layout(for: try #require(KernelVersion(version)))
        #expect(layout.kernelValue(of: try #require(layout.composite(named: name))) == value)
    }

    @Test func `a version picks the layout that covers it; before the first it is the first`() throws {
        for version in ["2.6.32", "2.6.39", "3.10", "4.8.17", "5.13.19", "6.9.12", "6.12.95", "7.0"] {
            let parsed = try #require(KernelVersion(version))
            #expect(GFPLayout.layout(for: parsed).covers.contains(parsed), "\(version)")
        }
        #expect(GFPLayout.layout(for: KernelVersion(2, 4)).source == GFPLayout.all.first?.source)
    }

    @Test func `numbers survive flags and back in every layout, bits without a flag are told`() {
        var generator = SeededGenerator(seed: 0x6F70)
        for layout in GFPLayout.all {
            for _ in 0..<200 {
                let value = generator.next() & 0xFFFF_FFFF
                let (flags, unknown) = layout.flags(fromKernelValue: value)
                #expect(layout.kernelValue(of: flags).map { $0 | unknown } == value, "\(layout.source), \(generator)")
                #expect(layout.kernelValue(of: flags).map { $0 & unknown } == 0, "\(layout.source), \(generator)")
            }
        }
    }

    @Test func `a flag that a kernel lacks has no number there`() {
        #expect(GFPLayout.layout(for: KernelVersion(6, 12)).kernelValue(of: [.GFP_KERNEL, .atomic]) == nil)
        #expect(GFPLayout.layout(for: KernelVersion(3, 10)).kernelValue(of: .GFP_KERNEL) == nil)
    }

    @Test func `build options move the bits of 6.10 and later, and fill GFP_HIGHUSER_MOVABLE`() {
        let version = KernelVersion(6, 12)
        #expect(GFPLayout.layout(for: version).kernelValue(of: .noObjExt) == 1 << 24)
        #expect(GFPLayout.layout(for: version).kernelValue(of: .noLockdep) == 0)
        let debug = GFPLayout.layout(for: version, options: [.lockdep, .slabObjectExtensions])
        #expect(debug.kernelValue(of: [.noObjExt, .noLockdep]) == 3 << 24)
        let tagged = GFPLayout.layout(for: version, options: [.kasanHardwareTags])
        #expect(tagged.composite(named: "GFP_HIGHUSER_MOVABLE")?.contains(.skipKasan) == true)
        #expect(tagged.describe(.GFP_HIGHUSER_MOVABLE) == "GFP_HIGHUSER|__GFP_MOVABLE")
    }

    @Test func `a mask of before 4.4 means what it meant`() throws {
        let layout = GFPLayout.layout(for: KernelVersion(3, 10))
        let kernel = try #require(layout.composite(named: "GFP_KERNEL"))
        #expect(layout.modernized(kernel) == .GFP_KERNEL)
        let atomic = try #require(layout.composite(named: "GFP_ATOMIC"))
        #expect(layout.modernized(atomic) == [.GFP_ATOMIC, .atomic])
        #expect(layout.modernized([.wait, .noKswapd]) == .directReclaim)
        #expect(GFPLayout.newest.modernized(.GFP_USER) == .GFP_USER)
    }

    @Test func `names print in the order of each kernel's table, the rest in hexadecimal`() {
        let v61 = GFPLayout.layout(for: KernelVersion(6, 1))
        #expect(v61.describe(kernelValue: 0x40DC0) == "GFP_KERNEL|__GFP_COMP|__GFP_ZERO")
        #expect(v61.describe(kernelValue: 0x804_0CC0) == "GFP_KERNEL|__GFP_COMP|0x8000000")
        #expect(v61.describe(kernelValue: 0x8000_0CC0) == "GFP_KERNEL|0x80000000")
        let v617 = GFPLayout.layout(for: KernelVersion(6, 17))
        #expect(v617.describe(kernelValue: 0x40DC0) == "GFP_KERNEL|__GFP_ZERO|__GFP_COMP")
        #expect(v617.describe(kernelValue: 0x100_0CC0) == "GFP_KERNEL|__GFP_NO_OBJ_EXT")
        #expect(GFPLayout.layout(for: KernelVersion(6, 12)).describe(kernelValue: 0x100_0CC0) == "GFP_KERNEL|0x1000000")
        #expect(
            GFPLayout.layout(for: KernelVersion(3, 10)).describe(kernelValue: 0x280DA)
                == "GFP_HIGHUSER_MOVABLE|GFP_ZERO")
        #expect(v617.describe([.GFP_ATOMIC, .atomic]) == "GFP_ATOMIC|__GFP_ATOMIC")
        #expect(v617.describe([]).isEmpty)
    }
}
