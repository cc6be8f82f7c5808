import Foundation

/// A log of the project's own, readable without the shared material.
enum LogFixture {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/Log")

    /// 6.1, GFP_ATOMIC of order 0 from a timer, all memory used up.
    static let atomic = text("k61-atomic0-storm.log")
    /// 6.12, a slab for a node that is full, two nodes.
    static let slub = text("k612-slub-node.log")
    /// 6.12, a process killed within its cpuset.
    static let cpuset = text("k612-oom-cpuset.log")
    /// 6.12, three nodes of which the second has no memory, with distances.
    static let boot = text("k612-memless-atomic.boot.log")

    static let all = [atomic, slub, cpuset]

    private static func text(_ name: String) -> String {
        (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? ""
    }
}
