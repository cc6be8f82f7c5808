#pragma once
#include "../CFunctionTable/table.h"
#include <hwloc.h>
#include <hwloc/distances.h>
#include <hwloc/export.h>

/* Memory attributes came with hwloc 2.3. */
#if HWLOC_API_VERSION >= 0x00020300
#define NUMAZONES_HWLOC_ATTRIBUTES(F) F(hwloc_memattr_get_best_initiator)
#else
#define NUMAZONES_HWLOC_ATTRIBUTES(F)
#endif

/* What is called of the library. */
#define NUMAZONES_HWLOC(F)                                                                                             \
    F(hwloc_topology_init) F(hwloc_topology_set_xmlbuffer) F(hwloc_topology_set_synthetic)                             \
    F(hwloc_topology_set_flags) F(hwloc_topology_load) F(hwloc_get_type_depth) F(hwloc_get_nbobjs_by_depth)            \
    F(hwloc_get_obj_by_depth) F(hwloc_bitmap_weight) F(hwloc_bitmap_list_asprintf) F(hwloc_distances_get_by_type)      \
    F(hwloc_distances_release) NUMAZONES_HWLOC_ATTRIBUTES(F)

NUMAZONES_TABLE(hwloc, NUMAZONES_HWLOC)

#include "describe.h"
#include "child.h"
