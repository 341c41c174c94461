/** The pages that users read. */
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A page: its path from the root of the repository, and its Markdown. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** README, CONTRIBUTING, CHANGELOG, bench/README and all of docs/. */
export async function readPages(): Promise<Page[]> {
  const docs = await readdir(`${ROOT}docs`, { recursive: true });
  const paths = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "bench/README.md",
    ...docs.filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`),
  ];
  return Promise.all(
    paths.sort().map(async (path) => ({ path, text: await readFile(`${ROOT}${path}`, "utf8") })),
  );
}
