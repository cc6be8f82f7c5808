import SourceText

/// Why a trace or a checkpoint cannot be read or written, written for the person who named it.
public typealias TraceError = StreamError
