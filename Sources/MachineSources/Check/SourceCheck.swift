import SourceText
import Topology

/// A source that was examined for what is wrong, unusual or unstated: facts, which reports put into words.
public struct SourceCheck: Sendable {
    /// The name as given.
    public var name: String
    /// What it was recognised as: "a topology", "a boot log".
    public var kind: String
    /// Errors and warnings of a description, or the reason why nothing could be read.
    public var problems: [SourceProblem]
    /// Typical mistakes of administrators.
    public var warnings: [AdministratorWarning] = []
    /// Nil if it describes none.
    public var machine: SourcedMachine?

    /// Reads a source once, and examines it completely.
    ///
    /// - Parameters:
    ///   - path: As for ``MachineSource/path(_:)``.
    ///   - options: What is stated about the machine besides the source.
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
