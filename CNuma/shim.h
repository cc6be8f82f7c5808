#pragma once
#include <numa.h>
#include <numaif.h>

/// Whether the node is one of this machine's (`numa_nodes_ptr`), memoryless ones among them. A function, since Swift may
/// not read the library's global variables from any thread.
static inline int numazones_node_exists(unsigned int node) {
    return numa_bitmask_isbitset(numa_nodes_ptr, node);
}
