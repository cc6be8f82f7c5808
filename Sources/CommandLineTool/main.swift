import OperatingSystem

ThisProcess.end(with: Program.run(Array(CommandLine.arguments.dropFirst())))
