#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Memory attributes came with hwloc 2.3: the best bandwidth (MiB/s) or latency (ns) that any processor has to a NUMA node;
   0: the description has none. */
static inline unsigned long long numazones_memory_attribute(
    const struct numazones_hwloc *hwloc, hwloc_topology_t topology, hwloc_obj_t node, int latency)
{
#if HWLOC_API_VERSION >= 0x00020300
    struct hwloc_location initiator;
    hwloc_uint64_t value = 0;
    hwloc_memattr_id_t id = latency ? HWLOC_MEMATTR_ID_LATENCY : HWLOC_MEMATTR_ID_BANDWIDTH;
    if (hwloc->hwloc_memattr_get_best_initiator(topology, id, node, 0, &initiator, &value) == 0)
        return value;
#else
    (void)hwloc, (void)topology, (void)node, (void)latency;
#endif
    return 0;
}

static inline const char *numazones_info(hwloc_obj_t object, const char *name)
{
    for (unsigned i = 0; i < object->infos_count; i++)
        if (object->infos[i].name && object->infos[i].value && !strcmp(object->infos[i].name, name))
            return object->infos[i].value;
    return "";
}

/* Writes "node", number, bytes, kind, tier, MiB/s, ns, processors as "0-3,8"; and "page", bytes for each size of its pages. */
static inline void numazones_describe_node(
    const struct numazones_hwloc *hwloc, hwloc_topology_t topology, hwloc_obj_t node, unsigned number, FILE *out)
{
    char *processors = NULL;
    /* A set without an end is no list of processors. */
    if (node->cpuset && hwloc->hwloc_bitmap_weight(node->cpuset) > 0)
        hwloc->hwloc_bitmap_list_asprintf(&processors, node->cpuset);
    fprintf(
        out, "node%c%u%c%llu%c%s%c%s%c%llu%c%llu%c%s%c", 0, number, 0,
        node->attr ? (unsigned long long)node->attr->numanode.local_memory : 0, 0, node->subtype ? node->subtype : "", 0,
        numazones_info(node, "MemoryTier"), 0, numazones_memory_attribute(hwloc, topology, node, 0), 0,
        numazones_memory_attribute(hwloc, topology, node, 1), 0, processors ? processors : "", 0);
    free(processors);
    for (unsigned i = 0; node->attr && i < node->attr->numanode.page_types_len; i++)
        fprintf(out, "page%c%llu%c", 0, (unsigned long long)node->attr->numanode.page_types[i].size, 0);
}

/* Writes "distances", how many nodes, their numbers, and the rows. */
static inline void numazones_describe_distances(
    const struct numazones_hwloc *hwloc, hwloc_topology_t topology, FILE *out)
{
    struct hwloc_distances_s *found[4];
    unsigned count = 4;
    if (hwloc->hwloc_distances_get_by_type(
            topology, HWLOC_OBJ_NUMANODE, &count, found, HWLOC_DISTANCES_KIND_MEANS_LATENCY, 0))
        return;
    for (unsigned i = 0; i < count && i < 4; i++) {
        unsigned size = found[i]->nbobjs;
        fprintf(out, "distances%c%u%c", 0, size, 0);
        for (unsigned j = 0; j < size; j++)
            fprintf(out, "%u%c", found[i]->objs[j] ? found[i]->objs[j]->os_index : j, 0);
        for (unsigned j = 0; j < size * size; j++)
            fprintf(out, "%llu%c", (unsigned long long)found[i]->values[j], 0);
        hwloc->hwloc_distances_release(topology, found[i]);
    }
}

/* Writes what a topology has as words with a zero behind each, the last of which is "end". 0: all of it was written. */
static inline int numazones_describe(const struct numazones_hwloc *hwloc, hwloc_topology_t topology, FILE *out)
{
    int depth = hwloc->hwloc_get_type_depth(topology, HWLOC_OBJ_NUMANODE);
    unsigned count = hwloc->hwloc_get_nbobjs_by_depth(topology, depth);
    for (unsigned i = 0; i < count; i++) {
        hwloc_obj_t node = hwloc->hwloc_get_obj_by_depth(topology, depth, i);
        if (node)
            numazones_describe_node(
                hwloc, topology, node, node->os_index == HWLOC_UNKNOWN_INDEX ? i : node->os_index, out);
    }
    hwloc_obj_t root = hwloc->hwloc_get_obj_by_depth(topology, 0, 0);
    for (unsigned i = 0; root && i < root->infos_count; i++)
        if (root->infos[i].name && root->infos[i].value)
            fprintf(out, "info%c%s%c%s%c", 0, root->infos[i].name, 0, root->infos[i].value, 0);
    numazones_describe_distances(hwloc, topology, out);
    fprintf(out, "end%c", 0);
    return fflush(out);
}
