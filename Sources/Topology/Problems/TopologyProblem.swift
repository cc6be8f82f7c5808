import SourceText

/// Something wrong, or odd, with a description of a machine, and where.
public typealias TopologyProblem = SourceProblem
