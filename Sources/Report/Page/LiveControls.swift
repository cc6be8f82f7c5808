import SourceText

/// The forms of a page that is served live (`Sources/BrowserCode/Controls/live.mjs`).
public struct LiveControls: Sendable {
    /// The names of the machines to start over with.
    public var choices: [String]
    /// Whether the machine is the host, which can be read again.
    public var isHost: Bool
    /// The names of the sysctls that can be set.
    public var settings: [String]
    /// The position of the slider, in KiB.
    public var minFreeKilobytes: Int

    /// Creates controls from their parts.
    public init(choices: [String], isHost: Bool, settings: [String], minFreeKilobytes: Int) {
        self.choices = choices
        self.isHost = isHost
        self.settings = settings
        self.minFreeKilobytes = minFreeKilobytes
    }

    var forms: Markup {
        """
        <section class="whole" id="live" aria-labelledby="live-title">
        <h2 id="live-title">Try it</h2>
        <form class="tools" data-ask="requests" aria-label="Make a request">
        <label>Mask <input name="mask" value="GFP_KERNEL" list="live-masks" required></label>
        <label>Order <input name="order" type="number" min="0" max="63" value="0"></label>
        <label>CPU <input name="cpu" type="number" min="0" placeholder="first"></label>
        <label>Policy <input name="policy" placeholder="--membind 0"></label>
        <label>Times <input name="count" type="number" min="1" max="1000" value="1"></label>
        <button>Request</button> <button data-count="1000">A thousand</button></form>
        <form class="tools" data-ask="frees" aria-label="Give blocks back">
        <label>Give back the last <input name="count" type="number" min="1" max="1000" value="1"></label>
        <button>Free</button></form>
        <form class="tools" data-ask="settings" data-slider="yes" aria-label="Move vm.min_free_kbytes">
        <input name="name" type="hidden" value="vm.min_free_kbytes">
        <label>vm.min_free_kbytes <input name="value" type="range" min="1024"
         max="\(max(minFreeKilobytes * 8, 65536))" step="1024" value="\(minFreeKilobytes)"></label>
        <output>\(minFreeKilobytes) KiB</output></form>
        <form class="tools" data-ask="settings" aria-label="Write a sysctl">
        <label>Sysctl <input name="name" value="vm.watermark_scale_factor" list="live-settings" required></label>
        <label>Value <input name="value" required></label>
        <button>Write</button> <button data-ask="rival">Compare with this from the start</button></form>
        <div class="tools"><form data-ask="drains"><button>Drain per-CPU lists</button></form>
        <form data-ask="undo"><button>Undo</button></form>
        <a href="api/page" download="numazones.html">Save the page</a>
        <a href="api/snapshot" download="machine.json">Save the machine</a>
        <a href="api/scenario" download="scenario.json">Save what was done as a scenario</a></div>
        \(choice)\(host)<form class="tools" id="live-source"><label>Begin again with a file (or drop it here)
        <input type="file" name="source" required></label></form>
        <details><summary>Explain a kernel log</summary>
        <form id="live-log"><textarea name="log" rows="8" aria-label="kernel log" required></textarea>
        <button>Explain</button></form></details>
        <pre id="live-answer" role="status" hidden></pre>
        <datalist id="live-masks">\(options(Self.masks))</datalist>
        <datalist id="live-settings">\(options(settings))</datalist>
        </section>

        """
    }

    private static let masks = [
        "GFP_KERNEL", "GFP_ATOMIC", "GFP_NOWAIT", "GFP_HIGHUSER_MOVABLE", "GFP_DMA32", "GFP_DMA",
    ]

    private func options(_ values: [String]) -> Markup {
        values.map { value -> Markup in "<option value=\"\(value)\">\(value)</option>" }.joined()
    }

    private var choice: Markup {
        guard !choices.isEmpty else { return "" }
        return """
            <form class="tools" data-ask="choice"><label>Begin again with <select name="name">\(options(choices))</select></label>
            <button>Begin</button></form>

            """
    }

    private var host: Markup {
        guard isHost else { return "" }
        return """
            <div class="tools"><form data-ask="reading"><button>Read the running machine again</button></form>
            <label><input type="checkbox" id="live-again"> every 5 s</label>
            <button type="button" id="live-headroom">Headroom</button></div>

            """
    }
}
