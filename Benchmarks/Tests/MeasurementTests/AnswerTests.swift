import Measurement
import Testing
import Workloads

@Suite struct AnswerTests {
    static let workloads = [
        Workload.fillAndFree(pages: 8192),
        .steadyMix(name: "small", pages: 1 << 14, operations: 50_000, seed: 1),
        .steadyMix(name: "larger", pages: 1 << 17, operations: 200_000, seed: 2),
    ]

    @Test(arguments: workloads.indices)
    func `the engine gives the comparator's page frames, one for one`(index: Int) {
        let workload = Self.workloads[index]
        #expect(workload.answers(of: .engine) == workload.answers(of: .comparator))
    }

    @Test func `another stream has other answers, so that equal hashes say something`() {
        let one = Workload.steadyMix(name: "one", pages: 1 << 14, operations: 1000, seed: 3)
        let other = Workload.steadyMix(name: "other", pages: 1 << 14, operations: 1000, seed: 4)
        #expect(one.answers(of: .comparator) != other.answers(of: .comparator))
    }

    @Test func `a comparison has medians over its rounds, and of the rounds' ratios`() throws {
        var comparison = Comparison(Self.workloads[0], sides: [], rounds: 1)
        let operations = Double(comparison.operations)
        comparison.times = [
            .comparator: [10, 30, 20, 100].map { .nanoseconds($0 * Int(operations)) },
            .engine: [10, 60, 30, 120].map { .nanoseconds($0 * Int(operations)) },
        ]
        #expect(try #require(comparison.nanoseconds(.comparator)) == 25)
        #expect(try #require(comparison.nanoseconds(.engine)) == 45)
        #expect(try abs(#require(comparison.ratio(.engine)) - 1.35) < 1e-9, "of 1, 2, 1.5 and 1.2")
        #expect(comparison.passes(.engine) == false)
    }
}
