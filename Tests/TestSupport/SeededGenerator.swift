import BuddyEngine

/// What the tests draw their inputs from: it prints as its seed, so that a failure can be repeated.
public typealias SeededGenerator = SeededRandom
