import GFP
import PageAllocator
import Topology

/// What a shell offers where a word is wanted.
enum CompletionWords {
    static let kernels = KernelProfile.all.map(\.name)
    static let masks = GFPLayout.newest.names
    static let settings = SettingChange.names.map { $0 + "=" }
}
