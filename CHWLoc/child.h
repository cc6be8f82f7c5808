#pragma once
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

/* What a process that does nothing but read a description may map beyond what the program has itself. */
enum { numazones_child_gigabytes = 4 };

/* Signals end the process, as no handler of the program's may make of them anything else, and leave nothing behind. */
static inline void numazones_bound_child(int seconds)
{
    const int deadly[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS, SIGXCPU, SIGPIPE, SIGALRM};
    for (unsigned i = 0; i < sizeof deadly / sizeof *deadly; i++)
        signal(deadly[i], SIG_DFL);
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    struct rlimit time = {seconds, seconds + 1};
    setrlimit(RLIMIT_CPU, &time);
    /* The program's own size in pages comes first in the file. */
    char text[32] = "";
    int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        ssize_t count = read(file, text, sizeof text - 1);
        close(file);
        rlim_t own = count > 0 ? strtoull(text, NULL, 10) * (rlim_t)sysconf(_SC_PAGESIZE) : 0;
        struct rlimit space = {own + ((rlim_t)numazones_child_gigabytes << 30), RLIM_INFINITY};
        if (own)
            setrlimit(RLIMIT_AS, &space);
    }
    /* The C library says there what it thinks of a heap. */
    int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere >= 0)
        dup2(nowhere, STDERR_FILENO);
}

/* Reads a description in a process of its own, which writes what is in it to `output` (describe.h). All of that is C: of a
   program with several threads the child may call nothing of Swift's runtime, whose locks another thread may have held.

   text: of hwloc's XML `length` bytes, the last of them 0; a synthetic description if `length` is 0.
   seconds: of a processor's time, after which the child is ended.
   Returns the child's number, or -1. The child ends with 0, or with 1 if hwloc does not take the text. */
static inline pid_t numazones_hwloc_read(
    const struct numazones_hwloc *hwloc, const char *text, int length, int seconds, int input, int output)
{
    pid_t child = fork();
    if (child != 0)
        return child;
    close(input);
    numazones_bound_child(seconds);
    FILE *out = fdopen(output, "w");
    hwloc_topology_t topology = NULL;
    if (!out || hwloc->hwloc_topology_init(&topology))
        _exit(2);
    if (length ? hwloc->hwloc_topology_set_xmlbuffer(topology, text, length)
               : hwloc->hwloc_topology_set_synthetic(topology, text))
        _exit(1);
    hwloc->hwloc_topology_set_flags(topology, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
    if (hwloc->hwloc_topology_load(topology))
        _exit(1);
    _exit(numazones_describe(hwloc, topology, out) ? 2 : 0);
}
