#pragma once
#include "../CFunctionTable/table.h"
#include <numa.h>
#include <numaif.h>

/* What is called of the library. */
#define NUMAZONES_NUMA(F)                                                                                              \
    F(numa_available) F(numa_max_node) F(numa_allocate_cpumask) F(numa_bitmask_free) F(numa_node_to_cpus)              \
    F(numa_bitmask_isbitset) F(numa_node_size64) F(numa_distance) F(numa_nodes_ptr)

NUMAZONES_TABLE(numa, NUMAZONES_NUMA)
