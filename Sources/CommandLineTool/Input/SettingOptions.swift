import ArgumentParser
import Topology

/// Sysctls to change before anything else.
struct SettingOptions: ParsableArguments {
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Change a sysctl first, as in vm.min_free_kbytes=65536. May be repeated.", valueName: "name=value"),
        completion: .list(CompletionWords.settings))
    var settings: [String] = []

    func changes() throws(SettingError) -> [SettingChange] {
        var changes: [SettingChange] = []
        for text in settings { changes.append(try SettingChange(text)) }
        return changes
    }
}
