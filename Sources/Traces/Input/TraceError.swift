import SourceText

/// Why a trace or a checkpoint could not be read or written, in words for the user.
public typealias TraceError = StreamError
