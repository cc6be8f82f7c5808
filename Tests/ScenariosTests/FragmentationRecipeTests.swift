import BuddyEngine
import GFP
import PageAllocator
import Scenarios
import Testing
import Topology

@Suite struct FragmentationRecipeTests {
    private func machine(_ kernel: KernelVersion) throws -> Machine {
        let memory = PageFrame(rawValue: 0)..<PageFrame(rawValue: 64 << 8)
        var topology = Topology(name: "small", nodes: [Topology.Node(id: 0, cpus: [0], memory: [memory])])
        topology.kernel = kernel
        return try Machine(topology)
    }

    @Test(arguments: KernelProfile.all.map(\.version))
    func `what a recipe says it holds is in use, and the rest is free`(_ kernel: KernelVersion) throws {
        for recipe in FragmentationRecipe.all {
            var machine = try machine(kernel)
            let free = machine.freePages + machine.perCPUPages
            let outcome = recipe.make(on: &machine)
            #expect(outcome.blocks > 0, "\(recipe.name)")
            #expect(free - machine.freePages - machine.perCPUPages == outcome.pagesHeld, "\(recipe.name)")
            #expect(outcome.unusableIndex == outcome.unusableIndex.sorted(), "\(recipe.name)")
            try machine.checkInvariants()
        }
    }

    @Test func `each leaves of a block what its tool leaves`() throws {
        func outcome(_ name: String) throws -> FragmentationRecipe.Outcome {
            var machine = try machine(KernelVersion(6, 12))
            return try #require(FragmentationRecipe.named(name)).make(on: &machine)
        }
        let first = try outcome("first-of-32")
        #expect(first.pagesHeld == first.blocks && first.unusableIndex[5] > 0.9)
        let odd = try outcome("odd-pages")
        #expect(odd.pagesHeld == odd.blocks * 2 && odd.unusableIndex[1] > 0.9 && odd.pinnedPageblocks == 0)
        let half = try outcome("half-of-2m")
        #expect(half.pagesHeld == half.blocks / 2 * 512 && half.freePageblocks >= half.blocks / 2)
        let tails = try outcome("thp-tails")
        #expect(tails.pagesHeld == tails.blocks && tails.freePageblocks < tails.blocks / 2)
    }
}
