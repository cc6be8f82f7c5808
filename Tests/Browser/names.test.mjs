import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("../../Sources/BrowserCode/", import.meta.url);

/** The names that a module has at its top. */
const namesOf = (text) => [...text.matchAll(/^(?:export )?(?:const|let|function\*?|class) (\w+)/gm)].map(([, name]) => name);

test("no two modules have a name in common: a page has all of them one behind the other", () => {
  const owner = new Map();
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".mjs") && !file.endsWith("live.mjs"));
  assert.ok(files.length > 20);
  for (const file of files) {
    for (const name of namesOf(readFileSync(new URL(file, folder), "utf8"))) {
      assert.equal(owner.get(name), undefined, `${name} of ${file} is a name of ${owner.get(name)} as well`);
      owner.set(name, file);
    }
  }
});
