import BuddyEngine
import GFP
import PageAllocator
import Testing
import Topology

@Suite struct RulesTests {
    /// Names of what a value stores, those of nested structures in their place.
    private func properties(of value: Any) -> [String] {
        Mirror(reflecting: value).children.flatMap { child -> [String] in
            guard let label = child.label else { return [] }
            switch child.value {
            case is KernelVersion, is AllocFlags, is Order: return [label]
            default: break
            }
            let isStructure = Mirror(reflecting: child.value).displayStyle == .struct && !(child.value is String)
            return isStructure && !(child.value is any FixedWidthInteger) && !(child.value is Bool)
                ? properties(of: child.value) : [label]
        }
    }

    @Test func `every property of a profile is a rule with that key`() {
        let notRules: Set = ["name", "verifiedAgainst", "version"]
        let stored = Set(properties(of: KernelProfile.newest)).subtracting(notRules)
        #expect(Set(AllocatorRule.all.map(\.key)) == stored)
        #expect(Set(AllocatorRule.all.map(\.key)).count == AllocatorRule.all.count)
    }

    @Test(arguments: KernelProfile.all)
    func `a profile's rules go together, and written down make it again`(profile: KernelProfile) throws {
        #expect(profile.brokenCondition == nil)
        #expect(profile.changes(from: KernelProfile(nearest: profile.version)).isEmpty)
        let changes = AllocatorRule.all.map { RuleChange(key: $0.key, value: "\($0.value(in: profile))") }
        for other in KernelProfile.all {
            var made = try other.changed(by: changes)
            (made.name, made.verifiedAgainst, made.version) = (profile.name, profile.verifiedAgainst, profile.version)
            #expect(made == profile)
        }
    }

    @Test func `what cannot be is refused with the reason`() throws {
        func problem(_ text: String, of profile: KernelProfile = .v6_12) throws -> String {
            let change = try RuleChange(text)
            do throws(RuleError) {
                _ = try profile.changed(by: [change])
                return "no error"
            } catch { return "\(error)" }
        }
        #expect(
            try problem("highAtomicDivisr=50")
                == "rule \"highAtomicDivisr=50\": there is no such rule, did you mean \"highAtomicDivisor\"?")
        #expect(
            try problem("highAtomicDivisor=0")
                == "rule \"highAtomicDivisor=0\": this rule is a whole number from 1 to 1000000")
        #expect(try problem("marksZonesBelowHigh=yes").hasSuffix("this rule is true or false"))
        #expect(try problem("slowPath=walksOnceMor").hasSuffix("did you mean \"walksOnceMore\"?"))
        #expect(
            try problem("countsEachChange=false")
                == "rule \"fallback=claimOrSplit\": this needs countsEachChange=true, since a pageblock claimed whole has its "
                + "pages counted as they move")
        #expect(try problem("givesBackInPortions=true", of: .v6_1).contains("needs sizing=movingHigh"))
        #expect(try problem("takesHighAtomicLast=oom|nonblok").contains("did you mean \"nonBlock\"?"))
        #expect(throws: RuleError.self) { try RuleChange("highAtomicDivisor") }
    }

    @Test func `a machine goes by the rules that its topology changes, and says so`() throws {
        var topology = PressureMachine.topology(KernelVersion(6, 12))
        topology.rules = [RuleChange(key: "highAtomicDivisor", value: "4")]
        let machine = try Machine(topology)
        #expect(machine.profile.buddy.highAtomicDivisor == 4)
        #expect(machine.rules.changes == topology.rules)
        let usual = try Machine(PressureMachine.topology(KernelVersion(6, 12)))
        #expect(machine.withZone(0) { $0.buddy.highAtomicLimit } > usual.withZone(0) { $0.buddy.highAtomicLimit })
        topology.rules = [RuleChange(key: "fallback", value: "prayer")]
        #expect(throws: MachineError.self) { _ = try Machine(topology) }
    }

    @Test func `a kernel's standing says how near its profile is`() {
        #expect(KernelProfile.standing(of: KernelVersion(6, 12, 95)) == .own)
        #expect(KernelProfile.standing(of: KernelVersion(6, 6)) == .between)
        #expect(KernelProfile.standing(of: KernelVersion(7, 6)) == .newer)
        #expect(KernelProfile.standing(of: KernelVersion(4, 18)) == .older)
        #expect(RulesInForce(KernelProfile(nearest: KernelVersion(7, 6)), of: KernelVersion(7, 6)).profile == "7.3")
    }

    @Test func `the rules that make a difference are found, with those that they need`() throws {
        var search = RuleSearch(from: .v6_12, to: .v7_3)
        let found = search.smallest {
            $0.walk.passesOverAwakeNodes && $0.walk.highAtomicInFirstWalk && !$0.walk.reservesPerCPUBlocks
        }
        #expect(found?.map(\.key) == ["passesOverAwakeNodes", "reservesPerCPUBlocks", "highAtomicInFirstWalk"])

        search = RuleSearch(from: .v6_1, to: .v6_12)
        let claiming = search.smallest { $0.buddy.fallback == .claimOrSplit }
        #expect(claiming?.map(\.key) == ["fallback", "countsEachChange"])
        #expect(search.smallest { _ in true }?.isEmpty == true)
        #expect(search.smallest { _ in false } == nil)
    }

    @Test(arguments: zip(KernelProfile.all, KernelProfile.all.dropFirst()))
    func `no rule of a set found can be left out, whichever two rules make the difference`(
        from: KernelProfile, to: KernelProfile
    ) throws {
        let differing = to.differences(from: from)
        for first in differing {
            for second in differing {
                let explains: (KernelProfile) -> Bool = {
                    first.value(in: $0) == first.value(in: to) && second.value(in: $0) == second.value(in: to)
                }
                var search = RuleSearch(from: from, to: to)
                let smallest = search.smallest(where: explains)
                let found = try #require(smallest)
                let whole = try #require(search.profile(swapping: found))
                #expect(explains(whole))
                for rule in found {
                    let others = found.filter { $0.key != rule.key }
                    guard let profile = search.profile(swapping: others) else { continue }
                    let isSmaller = profile.differences(from: from).count < found.count
                    #expect(!(isSmaller && explains(profile)), "\(first.key), \(second.key): \(rule.key) is not needed")
                }
            }
        }
    }
}
