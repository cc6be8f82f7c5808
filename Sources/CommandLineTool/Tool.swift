import ArgumentParser

/// `numazones`.
struct Tool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "numazones",
        abstract: "The Linux page allocator, for any machine: where a request lands, and why.",
        discussion: """
            Builds the nodes, zones and free areas of a machine and makes page requests against it, as the kernel would. \
            The machine is a SOURCE, and what it is is found out by looking: a JSON description (Config/ has some), a \
            directory with a saved /proc or /sys, a kernel's boot log, the output of numactl -H, a saved snapshot, a scenario, a recording, - for \
            standard input, or --host for the running machine.

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
              numazones run Config/scenarios/gfp-atomic.json5
                  steps and expectations, as a test
              numazones profiles
                  what differs between kernels

            EXIT CODES
              0 fine, 1 an expectation failed, 2 bad usage or input, 130 broken off by Ctrl-C
            """,
        version: "0.1.0",
        subcommands: [
            ShowCommand.self, CheckCommand.self, GFPCommand.self, AllocCommand.self, ExplainCommand.self,
            RunCommand.self, CompareCommand.self, VerifyCommand.self, ReplayCommand.self, AgeCommand.self,
            ProfilesCommand.self,
            CompletionsCommand.self,
        ])
}
