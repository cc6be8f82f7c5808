/// Texts for small saved trees.
enum Trees {
    /// A zoneinfo with one zone, Normal of node 0, above 4 GiB.
    static func zone(
        boost: Int = 0, managed: Int = 60_000, present: Int? = nil, spanned: Int? = nil
    ) -> String {
        let present = present ?? managed
        return """
            Node 0, zone   Normal
              per-node stats
                  nr_mapped    400
              pages free     30000
                    boost    \(boost)
                    min      \(400 + boost)
                    low      \(500 + boost)
                    high     \(600 + boost)
                    promo    \(700 + boost)
                    spanned  \(spanned ?? present)
                    present  \(present)
                    managed  \(managed)
                    cma      0
                    protection: (0, 0, 0, 0, 0)
                  nr_free_pages 30000
                  numa_hit     97
              pagesets
                cpu: 0
                          count: 31
                          high:  237
                          batch: 1
              vm stats threshold: 15
              node_unreclaimable:  0
              start_pfn:           1048576

            """
    }

    /// A pagetypeinfo of that zone with orders 0 to 3.
    static func types(unmovable: String, movable: String) -> String {
        """
        Page block order: 9
        Pages per block:  512

        Free pages count per migrate type at order       0      1      2      3
        Node    0, zone   Normal, type    Unmovable \(unmovable)
        Node    0, zone   Normal, type      Movable \(movable)

        Number of blocks type     Unmovable      Movable
        Node 0, zone   Normal           28          108

        """
    }
}
