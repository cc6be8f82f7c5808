/// What is kept of a scenario besides its figures. Each of these takes time and memory.
public struct ScenarioKeeping: Hashable, Sendable {
    /// What happened, event by event, for `ScenarioResult.history`.
    public var history = false
    /// The machine at the end, for `ScenarioResult.end`.
    public var end = false
    /// Explanations of requests that were refused or used another type's blocks, for `ScenarioResult.explanations`.
    public var explanations = false
    /// The machine after a step, numbered like `ScenarioResult.steps` from 0, for `ScenarioResult.shown`; nil: none.
    public var step: Int?
    /// For how many refusals and kills to keep the machine's state, for `ScenarioResult.refusals`.
    public var refusals = 0

    public init() {}
}
