#pragma once
#include <hwloc.h>
#include <hwloc/distances.h>
#include <hwloc/export.h>
