/** Bytes of text in base64. */
function bytesOf(text) {
  const letters = atob(text.trim());
  const bytes = new Uint8Array(letters.length);
  for (let place = 0; place < letters.length; place++) bytes[place] = letters.charCodeAt(place);
  return bytes;
}

/** A page's history, which an element has as JSON, or as JSON that is compressed: a long one is a tenth as large then. */
export async function historyData(holder) {
  if (holder.type === "application/json") return JSON.parse(holder.textContent);
  const unpacked = new Blob([bytesOf(holder.textContent)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(unpacked).json();
}
