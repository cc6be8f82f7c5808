#include "comparator.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct link {
    struct link *next, *previous;
};

// Sixty-four bytes as `struct page` has on x86-64; only some of them matter to the free lists.
struct page {
    uint64_t flags;
    struct link link;
    uint64_t mapping, index;
    uint64_t order; // of the free block that starts here
    uint32_t is_free_block;
    uint32_t references;
    uint64_t owner;
};
_Static_assert(sizeof(struct page) == 64, "the comparator's point is the kernel's footprint");

struct area {
    struct link lists[comparator_types];
    uint64_t blocks;
};

struct comparator {
    struct area areas[comparator_maximum_order + 1];
    struct page *pages;
    uint8_t *pageblock_types;
    uint64_t first, count;
    uint64_t free_pages;
    size_t mapped;
};

// Lists

static void list_reset(struct link *list) {
    list->next = list;
    list->previous = list;
}

static inline void link_between(struct link *link, struct link *previous, struct link *next) {
    next->previous = link;
    link->next = next;
    link->previous = previous;
    previous->next = link;
}

static inline void unlink_from_list(struct link *link) {
    link->next->previous = link->previous;
    link->previous->next = link->next;
}

static inline struct page *page_of(struct link *link) {
    return (struct page *)((char *)link - offsetof(struct page, link));
}

// Blocks

static inline unsigned type_of(const struct comparator *zone, uint64_t index) {
    return zone->pageblock_types[index >> comparator_pageblock_order];
}

static inline void mark_free(struct page *page, unsigned order) {
    page->order = order;
    page->is_free_block = 1;
}

static inline void add_at_head(struct comparator *zone, struct page *page, unsigned order, unsigned type) {
    struct link *list = &zone->areas[order].lists[type];
    link_between(&page->link, list, list->next);
    mark_free(page, order);
    zone->areas[order].blocks++;
}

static inline void add_at_tail(struct comparator *zone, struct page *page, unsigned order, unsigned type) {
    struct link *list = &zone->areas[order].lists[type];
    link_between(&page->link, list->previous, list);
    mark_free(page, order);
    zone->areas[order].blocks++;
}

static inline void remove_block(struct comparator *zone, struct page *page, unsigned order) {
    unlink_from_list(&page->link);
    page->is_free_block = 0;
    page->order = 0;
    zone->areas[order].blocks--;
}

static inline bool is_free_block(const struct comparator *zone, uint64_t index, unsigned order) {
    if (index >= zone->count) return false;
    const struct page *page = &zone->pages[index];
    return page->is_free_block && page->order == order;
}

uint64_t comparator_take(struct comparator *zone, unsigned order, unsigned type) {
    for (unsigned found = order; found <= comparator_maximum_order; found++) {
        struct link *list = &zone->areas[found].lists[type];
        if (list->next == list) continue;
        struct page *page = page_of(list->next);
        remove_block(zone, page, found);
        // The upper half goes back at each step, the largest first; the block found keeps its start.
        while (found > order) {
            found--;
            add_at_head(zone, page + ((uint64_t)1 << found), found, type);
        }
        zone->free_pages -= (uint64_t)1 << order;
        return zone->first + (uint64_t)(page - zone->pages);
    }
    return comparator_refused;
}

// A block whose next merge is near goes to the tail, where it is left alone the longest.
static inline bool next_merge_is_near(const struct comparator *zone, uint64_t index, unsigned order) {
    if (order >= comparator_maximum_order - 1) return false;
    uint64_t merged = index & ~((uint64_t)1 << order);
    return is_free_block(zone, merged ^ ((uint64_t)1 << (order + 1)), order + 1);
}

void comparator_free(struct comparator *zone, uint64_t frame, unsigned order) {
    uint64_t index = frame - zone->first;
    unsigned type = type_of(zone, index);
    zone->free_pages += (uint64_t)1 << order;

    while (order < comparator_maximum_order) {
        uint64_t buddy = index ^ ((uint64_t)1 << order);
        if (!is_free_block(zone, buddy, order)) break;
        // From pageblocks on, types may differ; all three of ours are of the kind that merges, and the block's own wins.
        if (order >= comparator_pageblock_order && type_of(zone, buddy) != type) {
            memset(
                &zone->pageblock_types[buddy >> comparator_pageblock_order], (int)type,
                (size_t)1 << (order - comparator_pageblock_order));
        }
        remove_block(zone, &zone->pages[buddy], order);
        index &= buddy;
        order++;
    }
    if (next_merge_is_near(zone, index, order)) {
        add_at_tail(zone, &zone->pages[index], order, type);
    } else {
        add_at_head(zone, &zone->pages[index], order, type);
    }
}

// Whole zones

struct comparator *comparator_create(uint64_t first, uint64_t pages) {
    const uint64_t block = (uint64_t)1 << comparator_maximum_order;
    if (first % block != 0 || pages % block != 0 || pages == 0) return NULL;
    struct comparator *zone = calloc(1, sizeof *zone);
    if (zone == NULL) return NULL;
    zone->first = first;
    zone->count = pages;
    zone->mapped = pages * sizeof(struct page);
    zone->pages = mmap(NULL, zone->mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    zone->pageblock_types = malloc(pages >> comparator_pageblock_order);
    if (zone->pages == MAP_FAILED || zone->pageblock_types == NULL) {
        comparator_destroy(zone);
        return NULL;
    }
    // The kernel maps its array of pages with huge pages; without this, misses in the TLB would flatter the other side.
    (void)madvise(zone->pages, zone->mapped, MADV_HUGEPAGE);
    comparator_reset(zone);
    return zone;
}

void comparator_reset(struct comparator *zone) {
    memset(zone->pages, 0, zone->mapped);
    memset(zone->pageblock_types, comparator_movable, zone->count >> comparator_pageblock_order);
    for (unsigned order = 0; order <= comparator_maximum_order; order++) {
        zone->areas[order].blocks = 0;
        for (unsigned type = 0; type < comparator_types; type++) list_reset(&zone->areas[order].lists[type]);
    }
    for (uint64_t index = 0; index < zone->count; index += (uint64_t)1 << comparator_maximum_order) {
        add_at_tail(zone, &zone->pages[index], comparator_maximum_order, comparator_movable);
    }
    zone->free_pages = zone->count;
}

void comparator_destroy(struct comparator *zone) {
    if (zone == NULL) return;
    if (zone->pages != MAP_FAILED) munmap(zone->pages, zone->mapped);
    free(zone->pageblock_types);
    free(zone);
}

// Runs

static inline uint64_t run_one(struct comparator *zone, uint32_t operation, uint64_t *held) {
    unsigned order = operation & 15;
    uint32_t slot = operation >> 5;
    uint64_t frame;
    if (operation & 16) {
        frame = held[slot];
        if (frame != comparator_refused) comparator_free(zone, frame, order);
    } else {
        frame = comparator_take(zone, order, comparator_movable);
        held[slot] = frame;
    }
    return frame;
}

void comparator_run(struct comparator *zone, const uint32_t *operations, size_t count, uint64_t *held) {
    for (size_t each = 0; each < count; each++) (void)run_one(zone, operations[each], held);
}

uint64_t comparator_run_hashed(
    struct comparator *zone, const uint32_t *operations, size_t count, uint64_t *held, uint64_t hash) {
    for (size_t each = 0; each < count; each++) {
        hash = (hash ^ run_one(zone, operations[each], held)) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 32;
    }
    return hash;
}

// Looking

uint64_t comparator_free_pages(const struct comparator *zone) {
    return zone->free_pages;
}

uint64_t comparator_free_blocks(const struct comparator *zone, unsigned order) {
    return zone->areas[order].blocks;
}

size_t comparator_list(
    const struct comparator *zone, unsigned order, unsigned type, uint64_t *frames, size_t capacity) {
    const struct link *list = &zone->areas[order].lists[type];
    size_t length = 0;
    for (struct link *link = list->next; link != list; link = link->next) {
        if (length < capacity) frames[length] = zone->first + (uint64_t)(page_of(link) - zone->pages);
        length++;
    }
    return length;
}

const char *comparator_broken_invariant(const struct comparator *zone) {
    uint64_t listed_pages = 0, listed_blocks = 0;
    for (unsigned order = 0; order <= comparator_maximum_order; order++) {
        uint64_t blocks = 0;
        for (unsigned type = 0; type < comparator_types; type++) {
            const struct link *list = &zone->areas[order].lists[type];
            for (struct link *link = list->next; link != list; link = link->next) {
                if (link->next->previous != link) return "a list is linked forwards, but not back";
                struct page *page = page_of(link);
                uint64_t index = (uint64_t)(page - zone->pages);
                if (!page->is_free_block || page->order != order) return "a listed block is not marked as what it is";
                if (index % ((uint64_t)1 << order) != 0) return "a block is not aligned to its size";
                if (type_of(zone, index) != type) return "a block is on the list of another type than its pageblock's";
                if (order < comparator_maximum_order && is_free_block(zone, index ^ ((uint64_t)1 << order), order))
                    return "two free buddies are not merged";
                if (++blocks > zone->count) return "a list goes in a circle";
            }
        }
        if (blocks != zone->areas[order].blocks) return "an area's count is not its lists' length";
        listed_pages += blocks << order;
        listed_blocks += blocks;
    }
    if (listed_pages != zone->free_pages) return "the free pages are not those on the lists";

    // Walking by address finds the same blocks, none inside another.
    uint64_t met = 0;
    for (uint64_t index = 0; index < zone->count;) {
        const struct page *page = &zone->pages[index];
        met += page->is_free_block;
        uint64_t end = index + (page->is_free_block ? (uint64_t)1 << page->order : 1);
        for (index++; index < end; index++)
            if (zone->pages[index].is_free_block) return "a free block starts inside another";
    }
    return met == listed_blocks ? NULL : "a block is marked free, but on no list";
}
