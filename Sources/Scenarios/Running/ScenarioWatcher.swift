import BuddyEngine
import History
import PageAllocator

/// Observes a scenario while it plays: everything that the machine does, and for which step.
public protocol ScenarioWatcher: MachineListener {
    /// A step begins; steps inside a `repeat` begin in each round.
    ///
    /// - Parameters:
    ///   - step: The step.
    ///   - number: Its number among the results, from 1.
    ///   - count: The number of all results.
    func begins(_ step: ScenarioStep, number: Int, of count: Int)
}

/// Calls two listeners, one after the other.
final class ListenerPair: MachineListener {
    private let first: any MachineListener
    private let second: any MachineListener

    init(_ first: any MachineListener, _ second: any MachineListener) {
        self.first = first
        self.second = second
    }

    func began(_ operation: MachineOperation) {
        first.began(operation)
        second.began(operation)
    }

    func happened(_ event: MachineEvent) {
        first.happened(event)
        second.happened(event)
    }

    func ended(_ operation: MachineOperation, frame: PageFrame?, on machine: borrowing Machine) {
        first.ended(operation, frame: frame, on: machine)
        second.ended(operation, frame: frame, on: machine)
    }
}
