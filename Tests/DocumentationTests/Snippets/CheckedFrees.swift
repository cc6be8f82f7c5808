import NUMAZones
import Testing

/// The steps of "Checked frees".
@Suite struct CheckedFrees {
    @Test func `a double free is found, with what happened to the page`() throws {
        // BEGIN SNIPPET
        var machine = try Machine(Topology(nodes: [.init(id: 0, cpus: [0], memory: [0..<0x40000])]))
        machine.watch(0..<0x40000)  // keep histories; of every page, or of those that you suspect
        guard let page = machine.allocate(.GFP_KERNEL, order: 2) else { fatalError("the machine is full") }

        machine.free(page, order: 2)
        machine.free(page, order: 2)  // refused: nothing is corrupted, and the run continues
        for bad in machine.badPages { print(bad) }
        // END SNIPPET
        #expect(machine.badPages.map(\.problem) == [.alreadyFree])
        #expect(machine.badPages.first?.history.count == 2)
        #expect(machine.badPages.first.map { "\($0)".hasPrefix("BUG: Bad page state, pfn ") } == true)
        #expect(throws: InvariantViolation.self) { try machine.checkInvariants() }
    }

    @Test func `pages of a block that was split are freed one by one`() throws {
        var machine = try Machine(Topology(nodes: [.init(id: 0, cpus: [0], memory: [0..<0x40000])]))
        let frame = machine.allocate(.GFP_KERNEL, order: 2)
        let page = try #require(frame)
        // BEGIN SNIPPET
        for single in machine.split_page(page, 2) { machine.free(single, order: 0) }
        // END SNIPPET
        #expect(machine.badPageCount == 0)
    }
}
