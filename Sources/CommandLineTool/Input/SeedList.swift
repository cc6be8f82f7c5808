import Topology

/// Seeds in the form of `--seeds`: `1-10`.
enum SeedList {
    /// Reads seeds; empty if the option was not given.
    static func read(_ text: String?) throws(ToolError) -> [UInt64] {
        guard let text else { return [] }
        let seeds: [Int]
        do throws(NumberList.Invalid) { seeds = try NumberList.parse(text, below: 1 << 20) } catch {
            throw ToolError("--seeds: \(error)")
        }
        guard !seeds.isEmpty else { throw ToolError("--seeds is empty: write 1-10") }
        return seeds.map { UInt64($0) }
    }
}
