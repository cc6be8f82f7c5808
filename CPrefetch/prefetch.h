/// Asks the processor to bring the cache line of an address near, to be written soon. Any address will do: nothing is read.
static inline void numazones_prefetch(const void *address) {
    __builtin_prefetch(address, 1);
}
