#pragma once
#include <dlfcn.h>
#include <numa.h>
#include <numaif.h>

/* What is called of the library, which is opened when it is first needed (Sources/OperatingSystem/Libraries) and not linked:
   with the types of its own header. */
#define NUMAZONES_NUMA(F)                                                                                              \
    F(numa_available) F(numa_max_node) F(numa_allocate_cpumask) F(numa_bitmask_free) F(numa_node_to_cpus)              \
    F(numa_bitmask_isbitset) F(numa_node_size64) F(numa_distance)

struct numazones_numa {
#define NUMAZONES_FUNCTION(name) __typeof__(name) *name;
    NUMAZONES_NUMA(NUMAZONES_FUNCTION)
#undef NUMAZONES_FUNCTION
    struct bitmask **numa_nodes_ptr;
};

/* Fills the table; returns the name of what the library lacks, or null. */
static inline const char *numazones_numa_find(void *library, struct numazones_numa *found) {
#define NUMAZONES_FUNCTION(name)                                                                                       \
    if (!(found->name = (__typeof__(name) *)dlsym(library, #name)))                                                    \
        return #name;
    NUMAZONES_NUMA(NUMAZONES_FUNCTION)
#undef NUMAZONES_FUNCTION
    found->numa_nodes_ptr = (struct bitmask **)dlsym(library, "numa_nodes_ptr");
    return found->numa_nodes_ptr ? 0 : "numa_nodes_ptr";
}
