/** The pages of docs/ that help shows, read from a clone. The bundler reads them once and packs what this returns. */
import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";

/** Pages for who changes tetherdock, and what other commands show. */
const OTHERS = /^(?:adr|notes)\/|^architecture$|^reference\/commands$/;

/** A page that is made from a catalogue ends where the catalogue begins: `tetherdock explain` shows that. */
const CATALOGUE = /^## Causes$/m;

/** @returns a page's name, such as `gateway` or `findings/key-mode` → its Markdown */
export async function readDocs(folder: string): Promise<Record<string, string>> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".md")).sort();
  const names = files.map((file) => file.slice(0, -3).replaceAll(sep, "/"));
  const pages = names
    .filter((name) => !OTHERS.test(name))
    .map(async (name) => {
      const text = await readFile(join(folder, `${name}.md`), "utf8");
      return [name, text.split(CATALOGUE)[0] ?? ""] as const;
    });
  return Object.fromEntries(await Promise.all(pages));
}
