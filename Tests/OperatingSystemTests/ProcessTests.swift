import Foundation
import OperatingSystem
import Testing

@Suite struct ProcessTests {
    @Test func `both outputs of a child are read to their ends, however much it writes`() throws {
        let shell = try #require(ChildProcess.find("sh"))
        let script = "i=0; while [ $i -lt 20000 ]; do echo $i; echo $i >&2; i=$((i + 1)); done; exit 3"
        let child = try ChildProcess(shell, ["-c", script])
        let expected = Array((0..<20000).map { "\($0)\n" }.joined().utf8)
        #expect(child.output == expected && child.errors == expected)
        #expect(child.status == 3)
    }

    @Test func `a child that a signal ended has a shell's status, and one that is not there is an error`() throws {
        let shell = try #require(ChildProcess.find("sh"))
        #expect(try ChildProcess(shell, ["-c", "kill -9 $$"]).status == 137)
        #expect(ChildProcess.find("no such program") == nil)
        #expect(throws: (any Error).self) { try ChildProcess("/no/such/program", []) }
    }

    @Test func `a process that the caller starts is read to its end, and killed where it never ends to write`() throws {
        let shell = try #require(ChildProcess.find("sh"))
        func run(_ script: String, longest: Int) throws -> ChildProcess {
            try ChildProcess(longest: longest) { _, writes in
                var actions = posix_spawn_file_actions_t()
                posix_spawn_file_actions_init(&actions)
                defer { posix_spawn_file_actions_destroy(&actions) }
                posix_spawn_file_actions_adddup2(&actions, writes, 1)
                let arguments: [String] = [shell, "-c", script]
                var words = arguments.map { strdup($0) } + [nil]
                defer { for word in words { free(word) } }
                var process: Int32 = 0
                return posix_spawn(&process, shell, &actions, nil, &words, environ) == 0 ? process : -1
            }
        }
        let whole = try run("printf words; exit 4", longest: 100)
        #expect(whole.output == Array("words".utf8) && whole.status == 4 && !whole.ranOutOfTime)
        #expect(try run("while :; do echo more; done", longest: 1 << 17).status == 137)
        #expect(throws: (any Error).self) { try ChildProcess(longest: 1) { _, _ in -1 } }
    }

    @Test func `threads work side by side, and are waited for`() {
        let done = Monitor(0)
        let gate = Monitor(false)
        let threads = WorkerThreads(4, stackSize: 1 << 20) {
            _ = gate.wait { $0 ? true : nil }
            done.change { $0 += 1 }
        }
        #expect(!threads.wait(milliseconds: 1))
        gate.change { $0 = true }
        while !threads.wait(milliseconds: 1000) {}
        #expect(done.wait { $0 } == 4)
    }

    @Test func `what is known of the process and the machine is plausible`() {
        #expect((1...8192).contains(ThisProcess.processors))
        #expect([4096, 16384, 65536].contains(ThisMachine.pageSize))
        #expect(FileSystem.isProgram(ThisProcess.program))
        #expect(ThisProcess.directory.map { FileSystem.isDirectory($0) } == true)
        #expect(ThisProcess.variable("NUMAZONES_NO_SUCH_VARIABLE") == nil)
    }
}
