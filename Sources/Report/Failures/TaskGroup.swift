import KernelLog

/// The tasks with the same name, and the memory that they hold.
struct TaskGroup {
    var name: String
    var count = 0
    /// Pages in memory.
    var resident = 0
    /// Pages in swap.
    var swapped = 0
    var pageTableBytes = 0

    /// The groups, largest first by memory and swap together.
    static func groups(of tasks: [FailureReport.TaskUsage], pageSize: Int) -> [TaskGroup] {
        var groups: [String: TaskGroup] = [:]
        for task in tasks {
            func figure(_ name: String) -> Int { min(max(0, task.columns[name] ?? 0), 1 << 36) }
            var group = groups[task.name] ?? TaskGroup(name: task.name)
            group.count += 1
            group.resident += figure("rss")
            group.swapped += figure("swapents")
            // Until 4.15 the table has the number of page tables, each of which takes a page.
            group.pageTableBytes += figure("pgtables_bytes") + figure("nr_ptes") * pageSize
            groups[task.name] = group
        }
        return groups.values.filter { $0.resident + $0.swapped > 0 }
            .sorted { ($1.resident + $1.swapped, $0.name) < ($0.resident + $0.swapped, $1.name) }
    }
}
