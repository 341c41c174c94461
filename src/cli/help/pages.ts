/** The pages that help shows. tools/bundle.ts puts a module in place of this one that holds them all. */
import { fileURLToPath } from "node:url";
import { readDocs } from "./docs-folder.ts";

/** @returns a page's name → its Markdown */
export function loadPages(): Promise<Readonly<Record<string, string>>> {
  return readDocs(fileURLToPath(new URL("../../../docs/", import.meta.url)));
}
