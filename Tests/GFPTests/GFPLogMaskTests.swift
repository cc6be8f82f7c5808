import Testing

@testable import GFP

/// Masks as they are pasted out of logs and traces.
@Suite struct GFPLogMaskTests {
    private static let layout = GFPLayout.layout(for: KernelVersion(6, 12))

    @Test(arguments: [
        "mode:0x40cc0(GFP_KERNEL|__GFP_COMP)", "mode:0x40cc0(GFP_KERNEL|__GFP_COMP), nodemask=(null)",
        "gfp_mask=0x40cc0(GFP_KERNEL|__GFP_COMP), order=0, oom_score_adj=0", "gfp_flags=GFP_KERNEL|__GFP_COMP",
        "0x40cc0(GFP_KERNEL|__GFP_COMP)", "gfp_mask=0x40cc0", "mode:0x40cc0",
        "page allocation failure: order:4, mode:0x40cc0(GFP_KERNEL|__GFP_COMP), nodemask=(null)",
    ])
    func `a pasted mask is read`(_ text: String) throws {
        #expect(try GFPFlags(parsing: text, layout: Self.layout) == [.GFP_KERNEL, .comp])
    }

    @Test func `a number and names that disagree are refused`() {
        let error = #expect(throws: GFPParseError.self) {
            try GFPFlags(parsing: "mode:0xcc0(GFP_KERNEL|__GFP_COMP)", layout: Self.layout)
        }
        #expect(error?.reason.contains("the number is GFP_KERNEL in this layout") == true)
    }

    @Test func `a number tells in which kernels it makes sense`() {
        #expect(GFPLayout.readings(of: "GFP_KERNEL").isEmpty)
        let old = GFPLayout.readings(of: "gfp_mask=0x201da")
        #expect(!old.isEmpty && old.allSatisfy { $0.covers.upperBound <= KernelVersion(4, 4) })
        #expect(old.contains { $0.printed.hasPrefix("GFP_HIGHUSER_MOVABLE") })
        let kernel = GFPLayout.readings(of: "0xcc0")
        #expect(kernel.contains { $0.covers.contains(KernelVersion(6, 12)) && $0.printed == "GFP_KERNEL" })
        let named = GFPLayout.readings(of: "mode:0x6040d0(GFP_KERNEL|__GFP_COMP)")
        #expect(named.isEmpty || named.allSatisfy { $0.printed.hasPrefix("GFP_KERNEL|__GFP_COMP") })
    }
}
