import Recordings
import TestSupport
import Testing

/// The shortest test that holds the allocator to real kernels: it stops at the first difference.
@Suite struct RecordedAnswersTests {
    @Test func `every request of the project's recordings gets the page frame that the kernel gave`() throws {
        for path in KnownRecordings.own {
            let result = Verifier.verify(try Recording.load(path))
            try #require(result.outcome == .exact, "\(path)")
        }
    }
}
