import GFP
import PageAllocator
import Topology

/// The words that a shell offers for completion.
enum CompletionWords {
    static let kernels = KernelProfile.all.map(\.name)
    static let masks = GFPLayout.newest.names
    static let settings = SettingChange.names.map { $0 + "=" }
}
