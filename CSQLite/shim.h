#pragma once
#include "../CFunctionTable/table.h"
#include <sqlite3.h>

/* What is called of the library. */
#define NUMAZONES_SQLITE(F)                                                                                            \
    F(sqlite3_open_v2) F(sqlite3_close) F(sqlite3_errmsg) F(sqlite3_exec) F(sqlite3_prepare_v2) F(sqlite3_reset)       \
    F(sqlite3_step) F(sqlite3_finalize) F(sqlite3_bind_int64) F(sqlite3_bind_double) F(sqlite3_bind_text)              \
    F(sqlite3_bind_null) F(sqlite3_serialize) F(sqlite3_free)

NUMAZONES_TABLE(sqlite, NUMAZONES_SQLITE)
