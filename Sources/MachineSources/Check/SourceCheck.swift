import SourceText
import Topology

/// A source that was looked at for what is wrong, odd or open about it: facts, for which reports have the words.
public struct SourceCheck: Sendable {
    /// As it was given.
    public var name: String
    /// What it was taken for: "a topology", "a boot log".
    public var kind: String
    /// Errors and warnings of a description, or the reason why nothing could be read.
    public var problems: [SourceProblem]
    /// What administrators get wrong.
    public var warnings: [AdministratorWarning] = []
    /// Nil where there is none.
    public var machine: SourcedMachine?

    /// Reads a source once, and says everything that is to be said about it.
    ///
    /// - Parameters:
    ///   - path: as in ``MachineSource/path(_:)``.
    ///   - options: what is said about the machine beside the source.
    public init(_ path: String, options: SourceOptions = SourceOptions()) {
        name = path == "-" ? "standard input" : path
        kind = "a file"
        problems = []
        do {
            let machine = try MachineSource.path(path).load(options)
            kind = machine.kind
            problems = machine.problems
            warnings = AdministratorWarning.all(of: machine)
            if kind == "a snapshot", let contradiction = try machine.contradiction() {
                problems.append(SourceProblem(at: ["zones"], source: name, contradiction))
            }
            self.machine = machine
        } catch let faults as SourceFaults {
            kind = faults.kind
            problems = faults.problems
        } catch let error as SourceError {
            problems = [SourceProblem(at: [], source: error.source, location: error.location, error.message)]
        } catch let problem as SourceProblem {
            kind = "a recording"
            problems = [problem]
        } catch let refusal as SourceRefusal where refusal.isHarmless {
            kind = "a JSON Schema"
        } catch HostReadError.nothingToRead(let folder) where Self.advice(on: folder) != nil {
            kind = "a folder"
            problems = [SourceProblem(at: [], source: name, Self.advice(on: folder) ?? "")]
        } catch {
            var message = "\(error)"
            if message.hasPrefix(name + ": ") { message.removeFirst(name.count + 2) }
            problems = [SourceProblem(at: [], source: name, message)]
        }
    }
}
