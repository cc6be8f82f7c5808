#pragma once
#include <dlfcn.h>
#include <sqlite3.h>

/* What is called of the library, which is opened when it is first needed (Sources/OperatingSystem/Libraries) and not linked:
   with the types of its own header. */
#define NUMAZONES_SQLITE(F)                                                                                            \
    F(sqlite3_open_v2) F(sqlite3_close) F(sqlite3_errmsg) F(sqlite3_exec) F(sqlite3_prepare_v2) F(sqlite3_reset)       \
    F(sqlite3_step) F(sqlite3_finalize) F(sqlite3_bind_int64) F(sqlite3_bind_double) F(sqlite3_bind_text)              \
    F(sqlite3_bind_null) F(sqlite3_serialize) F(sqlite3_free)

struct numazones_sqlite {
#define NUMAZONES_FUNCTION(name) __typeof__(name) *name;
    NUMAZONES_SQLITE(NUMAZONES_FUNCTION)
#undef NUMAZONES_FUNCTION
};

/* Fills the table; returns the name of what the library lacks, or null. */
static inline const char *numazones_sqlite_find(void *library, struct numazones_sqlite *found) {
#define NUMAZONES_FUNCTION(name)                                                                                       \
    if (!(found->name = (__typeof__(name) *)dlsym(library, #name)))                                                    \
        return #name;
    NUMAZONES_SQLITE(NUMAZONES_FUNCTION)
#undef NUMAZONES_FUNCTION
    return 0;
}
