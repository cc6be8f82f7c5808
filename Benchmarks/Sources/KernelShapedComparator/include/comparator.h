// A buddy allocator with the data layout of the Linux kernel's, to measure numazones against.
//
// What is kernel-shaped: one 64-byte record for every page frame, allocated up front and backed by huge pages, free
// blocks in doubly linked circular lists threaded through those records, one list per order and migratetype, a byte of
// type per pageblock. What it does is only the free lists' work: no locks, no checks of flags, no accounting beyond
// counts, which makes it a harder mark to reach than the kernel itself.
//
// Written for this project from the rules in words; it holds no kernel source.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    comparator_maximum_order = 10,
    comparator_pageblock_order = 9,
    comparator_types = 3, // unmovable, movable, reclaimable: numbered as in enum migratetype
    comparator_movable = 1,
};

static const uint64_t comparator_refused = UINT64_MAX;

struct comparator;

/// The pages [first, first + pages), both multiples of an order-10 block, all free and movable, in order-10 blocks by
/// ascending address; NULL if there is no memory for the records.
struct comparator *comparator_create(uint64_t first, uint64_t pages);

/// Back to the state after `comparator_create`, with the records still in memory.
void comparator_reset(struct comparator *zone);

void comparator_destroy(struct comparator *zone);

/// The page frame number of a block of `order`, or `comparator_refused`.
uint64_t comparator_take(struct comparator *zone, unsigned order, unsigned type);

/// Gives a block back that `comparator_take` gave, whole.
void comparator_free(struct comparator *zone, uint64_t frame, unsigned order);

uint64_t comparator_free_pages(const struct comparator *zone);

/// The number of free blocks of `order`, of all types.
uint64_t comparator_free_blocks(const struct comparator *zone, unsigned order);

/// Copies the list's page frame numbers, head first, into `frames` (at most `capacity`); returns the list's length.
size_t comparator_list(
    const struct comparator *zone, unsigned order, unsigned type, uint64_t *frames, size_t capacity);

/// Checks that lists are linked both ways, blocks aligned, marked, disjoint and merged as far as they can be, and counts
/// right. NULL if all holds, else what does not.
const char *comparator_broken_invariant(const struct comparator *zone);

/// An operation is order | (1 << 4 if it frees) | slot << 5; `held` has a page frame number (or refused) for each slot.
/// Runs all of them; this is what is timed.
void comparator_run(struct comparator *zone, const uint32_t *operations, size_t count, uint64_t *held);

/// As `comparator_run`, and returns a hash of every answer in order, continuing from `hash`.
uint64_t comparator_run_hashed(
    struct comparator *zone, const uint32_t *operations, size_t count, uint64_t *held, uint64_t hash);
