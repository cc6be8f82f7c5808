#pragma once
#include <archive.h>
#include <archive_entry.h>
#include <dlfcn.h>

/* What is called of the library, which is opened when it is first needed (Sources/OperatingSystem/Libraries) and not linked:
   with the types of its own header. */
#define NUMAZONES_ARCHIVE(F)                                                                                           \
    F(archive_read_new) F(archive_read_support_filter_gzip) F(archive_read_support_filter_bzip2)                       \
    F(archive_read_support_filter_xz) F(archive_read_support_filter_lzma) F(archive_read_support_filter_zstd)          \
    F(archive_read_support_filter_lz4) F(archive_read_support_format_tar) F(archive_read_support_format_zip)           \
    F(archive_read_support_format_raw) F(archive_read_open_filename) F(archive_read_open_memory) F(archive_read_free)  \
    F(archive_format) F(archive_error_string) F(archive_read_next_header) F(archive_read_data)                         \
    F(archive_read_data_block) F(archive_filter_bytes) F(archive_entry_filetype) F(archive_entry_hardlink)              \
    F(archive_entry_size) F(archive_entry_size_is_set) F(archive_entry_pathname)

struct numazones_archive {
#define NUMAZONES_FUNCTION(name) __typeof__(name) *name;
    NUMAZONES_ARCHIVE(NUMAZONES_FUNCTION)
#undef NUMAZONES_FUNCTION
};

/* Fills the table; returns the name of what the library lacks, or null. */
static inline const char *numazones_archive_find(void *library, struct numazones_archive *found) {
#define NUMAZONES_FUNCTION(name)                                                                                       \
    if (!(found->name = (__typeof__(name) *)dlsym(library, #name)))                                                    \
        return #name;
    NUMAZONES_ARCHIVE(NUMAZONES_FUNCTION)
#undef NUMAZONES_FUNCTION
    return 0;
}
