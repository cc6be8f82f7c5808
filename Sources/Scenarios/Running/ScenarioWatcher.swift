import BuddyEngine
import History
import PageAllocator

/// Somebody who sees a scenario while it plays: everything that the machine does, and which step it is done for.
public protocol ScenarioWatcher: MachineListener {
    /// A step begins; steps inside a `repeat` begin once a round.
    ///
    /// - `number`: Its place among the results, from 1.
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
