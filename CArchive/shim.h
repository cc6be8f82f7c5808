#pragma once
#include "../CFunctionTable/table.h"
#include <archive.h>
#include <archive_entry.h>

/* What is called of the library. */
#define NUMAZONES_ARCHIVE(F)                                                                                           \
    F(archive_read_new) F(archive_read_support_filter_gzip) F(archive_read_support_filter_bzip2)                       \
    F(archive_read_support_filter_xz) F(archive_read_support_filter_lzma) F(archive_read_support_filter_zstd)          \
    F(archive_read_support_filter_lz4) F(archive_read_support_format_tar) F(archive_read_support_format_zip)           \
    F(archive_read_support_format_raw) F(archive_read_open_filename) F(archive_read_open_memory) F(archive_read_free)  \
    F(archive_format) F(archive_error_string) F(archive_read_next_header) F(archive_read_data)                         \
    F(archive_read_data_block) F(archive_filter_bytes) F(archive_entry_filetype) F(archive_entry_hardlink)              \
    F(archive_entry_size) F(archive_entry_size_is_set) F(archive_entry_pathname)

NUMAZONES_TABLE(archive, NUMAZONES_ARCHIVE)
