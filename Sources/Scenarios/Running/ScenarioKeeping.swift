/// What is kept of a scenario beside its figures: each costs time and memory.
public struct ScenarioKeeping: Hashable, Sendable {
    /// What happened, event by event, for `ScenarioResult.history`.
    public var history = false
    /// The machine at the end, for `ScenarioResult.end`.
    public var end = false
    /// How requests went that were refused or used another type's blocks, for `ScenarioResult.explanations`.
    public var explanations = false
    /// The machine after a step, counted as `ScenarioResult.steps` from 0, for `ScenarioResult.shown`; nil: after none.
    public var step: Int?
    /// How many refusals and kills to keep the machine's state of, for `ScenarioResult.refusals`.
    public var refusals = 0

    public init() {}
}
