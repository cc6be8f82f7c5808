extension Zone {
    /// The CPUs with pages of this zone on their lists, by position among the machine's CPUs, ascending.
    public var perCPUCounts: [(cpu: Int, pages: Int)] {
        readyCPUs.sorted().compactMap { cpu in
            let pages = perCPU.base[cpu].count
            return pages > 0 ? (cpu, pages) : nil
        }
    }
}
