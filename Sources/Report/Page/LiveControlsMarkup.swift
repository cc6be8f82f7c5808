import SourceText

/// The forms of a page that is served live (`Sources/BrowserCode/Controls/live.mjs`).
enum LiveControlsMarkup {
    static let forms: Markup = """
        <section class="whole" aria-labelledby="live-title">
        <h2 id="live-title">Try it</h2>
        <form class="tools" data-ask="requests" aria-label="Make a request">
        <label>Mask <input name="mask" value="GFP_KERNEL" required></label>
        <label>Order <input name="order" type="number" min="0" max="63" value="0"></label>
        <label>CPU <input name="cpu" type="number" min="0" placeholder="first"></label>
        <label>Times <input name="count" type="number" min="1" max="1000" value="1"></label>
        <button>Request</button></form>
        <form class="tools" data-ask="frees" aria-label="Give blocks back">
        <label>Give back the last <input name="count" type="number" min="1" max="1000" value="1"></label>
        <button>Free</button></form>
        <form class="tools" data-ask="settings" aria-label="Write a sysctl">
        <label>Sysctl <input name="name" value="vm.min_free_kbytes" required></label>
        <label>Value <input name="value" required></label>
        <button>Write</button></form>
        <div class="tools"><form data-ask="drains"><button>Drain per-CPU lists</button></form>
        <form data-ask="undo"><button>Undo</button></form></div>
        <details><summary>Explain a kernel log</summary>
        <form id="live-log"><textarea name="log" rows="8" aria-label="kernel log" required></textarea>
        <button>Explain</button></form></details>
        <pre id="live-answer" role="status" hidden></pre>
        </section>

        """
}
