/// What a page carries for the browser: one script and one style sheet, made of the files of this folder.
///
/// The script's files are plain modules that import one another; node and a browser read them as they are. A page that
/// must be one file without any address to load from has them one after the other, without their imports and exports.
public enum BrowserCode {
    /// The style sheet.
    public static let style = text(PackageResources.page_css)

    /// The script, for `<script type="module">`.
    public static let script = modules.map(joinable).joined(separator: "\n")

    /// The controls of a page that is served live: a script of its own, so that a page that is not cannot ask anybody.
    public static let liveScript = "\n" + joinable(PackageResources.live_mjs)

    /// What a module needs precedes it.
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

    /// Each module in a block of its own would hide what the next one needs; so names are unique across files, and here
    /// only the lines that begin with `import` go, and the word `export`.
    private static func joinable(_ module: [UInt8]) -> String {
        text(module).split(separator: "\n", omittingEmptySubsequences: false).compactMap { line -> Substring? in
            if line.hasPrefix("import ") { return nil }
            return line.hasPrefix("export ") ? line.dropFirst("export ".count) : line
        }.joined(separator: "\n")
    }
}
