import ArgumentParser
import Report

/// The command `numazones`.
struct Tool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "numazones",
        abstract: "The Linux page allocator, for any machine: where a request lands, and why.",
        discussion: """
            Builds the nodes, zones and free areas of a machine and makes page requests against it, as the kernel would. \
            The machine is a SOURCE, whose kind is recognised from its content: a JSON description (Config/ has some), a \
            directory with a saved /proc or /sys, the text of zoneinfo or numactl -H, a kernel's boot log, a report of \
            failed memory, an archive of these, hwloc's XML, a QEMU command line, a libvirt domain, - for \
            standard input, or --host for the running machine. + joins several sources of one machine.

            EXAMPLES
              numazones show Config/two-socket.json
                  nodes, zones, watermarks, zonelists, free blocks
              numazones show --host --format zoneinfo
                  the running machine, as the kernel would print it
              numazones check my-machine.json
                  everything that is wrong with a description
              numazones gfp GFP_ATOMIC 0xcc0 --kernel 6.1
                  what a mask asks for
              numazones alloc Config/two-socket.json GFP_KERNEL --explain
                  where a request lands, zone by zone
              numazones alloc Config/laptop.json GFP_ATOMIC --until-failure
                  who serves until nobody can
              dmesg | numazones explain
                  why an allocation failed, and what would have helped
              numazones run Config/scenarios/gfp-atomic.json5
                  steps and expectations, as a test
              numazones compare Config/two-socket.json Config/cxl-tiered.json --scenario load.json5
                  what another machine or setting changes
              numazones sweep Config/plans/watermarks.json5 --out results
                  every combination of a plan, on all cores or on a cluster
              numazones tune load.json5 --find vm.min_free_kbytes=4M..4G
                  the smallest value under which every expectation is met
              numazones headroom --host --only-now
                  how many more requests of each kind would be served
              numazones replay trace.txt.gz --on Config/two-socket.json
                  a recorded trace on any machine
              numazones age Config/two-socket.json --occupancy 80% --out aged.json
                  a machine that has run for long
              numazones profiles
                  what differs between kernels
              numazones serve Config/two-socket.json
                  a live page on which to try things

            Scripts/manual writes the manual pages.

            EXIT CODES
              0 fine, 1 an expectation failed, 2 bad usage or input, 130 interrupted by Ctrl-C
            """,
        version: ResultOrigin.programVersion,
        subcommands: [
            ShowCommand.self, CheckCommand.self, ExportCommand.self, GFPCommand.self, AllocCommand.self,
            ExplainCommand.self, RunCommand.self, CompareCommand.self, SweepCommand.self,
            TuneCommand.self, HeadroomCommand.self, VerifyCommand.self,
            ReplayCommand.self, AgeCommand.self,
            ProfilesCommand.self, ServeCommand.self,
            CompletionsCommand.self,
        ])
}
