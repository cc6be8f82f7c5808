#pragma once
#include <dlfcn.h>

/* Declares, for a C library that is opened when it is first needed (Sources/OperatingSystem/Libraries) and not linked, the
   table numazones_LIBRARY of what is called of it, with the types of its own header; and numazones_LIBRARY_find, which fills
   the table and returns the name of what the library lacks, or null. FUNCTIONS(F) names all of it, as F(name) F(name) ...,
   a variable like a function. */
#define NUMAZONES_TABLE(library, FUNCTIONS)                                                                            \
    struct numazones_##library {                                                                                       \
        FUNCTIONS(NUMAZONES_ENTRY)                                                                                     \
    };                                                                                                                 \
    static inline const char *numazones_##library##_find(void *opened, struct numazones_##library *found) {            \
        FUNCTIONS(NUMAZONES_FILL)                                                                                      \
        return 0;                                                                                                      \
    }

#define NUMAZONES_ENTRY(name) __typeof__(name) *name;

#define NUMAZONES_FILL(name)                                                                                           \
    if (!(found->name = (__typeof__(name) *)dlsym(opened, #name)))                                                     \
        return #name;
