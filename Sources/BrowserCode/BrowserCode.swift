/// What a page contains for the browser: one script and one style sheet, made of the files in this folder.
///
/// The files are plain modules that import one another; Node.js and browsers can read them unchanged. In a page that
/// must be a single file, without any address to load from, they follow one another without their imports and exports.
public enum BrowserCode {
    /// The style sheet.
    public static let style = text(PackageResources.page_css)

    /// The script, for `<script type="module">`.
    public static let script = modules.map(joinable).joined(separator: "\n")

    /// The controls of a page that is served live: a separate script, so that other pages cannot send requests.
    public static let liveScript = "\n" + joinable(PackageResources.live_mjs)

    /// The modules in an order in which each follows those that it imports.
    private static let modules = [
        PackageResources.arithmetic_mjs, PackageResources.blockList_mjs, PackageResources.zoneTally_mjs,
        PackageResources.zoneState_mjs, PackageResources.standingBlocks_mjs, PackageResources.forms_mjs,
        PackageResources.allocations_mjs, PackageResources.machineState_mjs,
        PackageResources.stretches_mjs, PackageResources.history_mjs, PackageResources.historyData_mjs,
        PackageResources.amounts_mjs, PackageResources.names_mjs,
        PackageResources.eventWords_mjs, PackageResources.partWords_mjs, PackageResources.elements_mjs,
        PackageResources.drawing_mjs, PackageResources.perCPUTable_mjs, PackageResources.freeLists_mjs,
        PackageResources.nodeMap_mjs, PackageResources.tileDrawing_mjs, PackageResources.zoneTiles_mjs,
        PackageResources.blockTree_mjs,
        PackageResources.changeDrawing_mjs, PackageResources.eventDetails_mjs, PackageResources.eventList_mjs,
        PackageResources.timelineLane_mjs, PackageResources.timeline_mjs, PackageResources.player_mjs,
        PackageResources.filters_mjs, PackageResources.deepLink_mjs, PackageResources.page_mjs,
        PackageResources.main_mjs,
    ]

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// A module as a part of the script: without lines that begin with `import` and without the word `export`. Names
    /// are unique across files, because a block for each module would hide what the next one needs.
    private static func joinable(_ module: [UInt8]) -> String {
        text(module).split(separator: "\n", omittingEmptySubsequences: false).compactMap { line -> Substring? in
            if line.hasPrefix("import ") { return nil }
            return line.hasPrefix("export ") ? line.dropFirst("export ".count) : line
        }.joined(separator: "\n")
    }
}
