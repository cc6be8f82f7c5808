import GFP
import Topology

extension WrittenReport {
    /// The table of tasks, and the victim (`dump_tasks`, `dump_oom_victim`, `__oom_kill_process`).
    var kill: [String] {
        guard case .kill(let position) = event else { return [] }
        var lines = taskTable
        guard let position, tasks.indices.contains(position) else {
            // `out_of_memory`: no process is left, and the machine stops.
            let panic = "Kernel panic - not syncing: "
            return form.hasSummary
                ? lines + ["Out of memory and no killable processes...", panic + "System is deadlocked on memory"]
                : lines + [panic + "Out of memory and no killable processes..."]
        }
        let victim = tasks[position]
        if form.hasSummary {
            let nodes = nodemask.map(Self.list) ?? "(null)"
            let allowed = Self.list(memsAllowed ?? snapshot.topology.nodes.map(\.id))
            lines.append(
                "oom-kill:constraint=\(constraint),nodemask=\(nodes),cpuset=\(cpuset),mems_allowed=\(allowed),global_oom,"
                    + "task_memcg=/,task=\(victim.name),pid=\(victim.pid),uid=0")
        }
        if form.hasAnnouncement {
            lines.append("Out of memory: Kill process \(victim.pid) (\(victim.name)) score 900 or sacrifice child")
        }
        let prefix = form.hasAnnouncement ? "" : "Out of memory: "
        lines.append(
            "\(prefix)Killed process \(victim.pid) (\(victim.name)) total-vm:\(victimSize(victim))kB, "
                + "anon-rss:\(victim.anonymous * pageSize)kB, file-rss:0kB"
                + (form.hasSharedInKill ? ", shmem-rss:0kB" : "")
                + (form.hasUserInKill ? ", UID:0 pgtables:\(pageTableBytes(victim) / 1024)kB oom_score_adj:0" : ""))
        return lines
    }

    private func victimSize(_ task: Task) -> Int { (task.anonymous + task.swapped + 900) * pageSize }

    /// One page of page tables for each 2 MiB, and a few above.
    private func pageTableBytes(_ task: Task) -> Int { pageTables(task) * snapshot.topology.pageSize }

    private func pageTables(_ task: Task) -> Int { (task.anonymous + task.swapped) / 512 + 7 }

    private var taskTable: [String] {
        guard !tasks.isEmpty else { return [] }
        let columns = form.taskColumns
        let pid = form.hasTaskTitle ? "[  pid  ]" : "[ pid ]"
        let width = form.hasTaskTitle ? 7 : 5
        var lines = form.hasTaskTitle ? ["Tasks state (memory values in pages):"] : []
        lines.append("\(pid) \(columns.map { Self.padded($0, Self.width(of: $0)) }.joined(separator: " ")) name")
        for task in tasks {
            let values = columns.map { Self.padded("\(value($0, task))", Self.width(of: $0)) }
            lines.append("[\(Self.padded("\(task.pid)", width))] \(values.joined(separator: " ")) \(task.name)")
        }
        return lines
    }

    private static func width(of column: String) -> Int {
        switch column {
        case "uid", "tgid": 5
        default: max(8, column.utf8.count)
        }
    }

    private func value(_ column: String, _ task: Task) -> Int {
        switch column {
        case "tgid": task.pid
        case "total_vm": task.anonymous + task.swapped + 900
        case "rss", "rss_anon": task.anonymous
        case "pgtables_bytes": pageTableBytes(task)
        case "nr_ptes": pageTables(task)
        case "nr_pmds": 3
        case "swapents": task.swapped
        default: 0
        }
    }
}
