#pragma once
#include <hwloc.h>
#include <hwloc/distances.h>
#include <hwloc/export.h>

/* The best bandwidth (MiB/s) or latency (ns) that any processor has to a NUMA node; 0: the description has none. Memory
   attributes came with hwloc 2.3. */
static inline unsigned long long numazones_memory_attribute(hwloc_topology_t topology, hwloc_obj_t node, int latency)
{
#if HWLOC_API_VERSION >= 0x00020300
    struct hwloc_location initiator;
    hwloc_uint64_t value = 0;
    hwloc_memattr_id_t id = latency ? HWLOC_MEMATTR_ID_LATENCY : HWLOC_MEMATTR_ID_BANDWIDTH;
    if (hwloc_memattr_get_best_initiator(topology, id, node, 0, &initiator, &value) == 0)
        return value;
#else
    (void)topology, (void)node, (void)latency;
#endif
    return 0;
}
