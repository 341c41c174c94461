/**
 * Bundles the CLI's modules; split where commands are loaded, so that `tetherdock env` reads little at a shell's start.
 */
import { join } from "node:path";
import { type InputOptions, type OutputAsset, type OutputChunk, type Plugin, rolldown } from "rolldown";
import { readDocs } from "../src/cli/help/docs-folder.ts";

const root = join(import.meta.dirname, "..");

/** The pages of docs/ in place of the module that reads them from a clone. */
const packedDocs: Plugin = {
  name: "packed-docs",
  async load(id) {
    if (id !== join(root, "src/cli/help/pages.ts")) return null;
    const pages = JSON.stringify(await readDocs(join(root, "docs")));
    return {
      code: `const pages = ${pages};\nexport const loadPages = async () => pages;\n`,
      moduleType: "js",
    };
  },
};

const options: InputOptions = {
  plugins: [packedDocs],
  platform: "node",
  // a warning is an error here, and this one depends on how busy the machine is
  checks: { pluginTimings: false },
  cwd: root,
  onLog(level, log) {
    if (level === "warn") throw new Error(`the bundler warns: ${log.message}`);
  },
};

const isChunk = (file: OutputChunk | OutputAsset): file is OutputChunk => file.type === "chunk";

/**
 * The modules that `tetherdock env` loads: src/cli/start.ts and what it imports statically. Each file
 * costs Node about a millisecond, more than parsing hundreds of lines, so these become one.
 */
async function startupModules(): Promise<Set<string>> {
  const build = await rolldown({ ...options, input: { start: join(root, "src/cli/start.ts") } });
  const { output } = await build.generate({ format: "esm" });
  await build.close();
  const chunks = output.filter(isChunk);
  const reached = new Set<OutputChunk>();
  const visit = (chunk: OutputChunk | undefined): void => {
    if (!chunk || reached.has(chunk)) return;
    reached.add(chunk);
    for (const name of chunk.imports) visit(chunks.find(({ fileName }) => fileName === name));
  };
  visit(chunks.find(({ isEntry }) => isEntry));
  return new Set([...reached].flatMap(({ moduleIds }) => moduleIds));
}

/**
 * Writes `main.js`, what it loads, and `start.js`: the same for a Node whose version need not be asked.
 * @returns the folders of the packages that went into it
 */
export async function bundle(into: string): Promise<string[]> {
  const startup = await startupModules();
  const build = await rolldown({
    ...options,
    preserveEntrySignatures: "allow-extension",
    input: { main: join(root, "src/cli/main.ts"), start: join(root, "src/cli/start.ts") },
  });
  const { output } = await build.write({
    dir: into,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
    comments: { legal: true, annotation: false, jsdoc: false },
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ name: "startup", test: (id) => startup.has(id) }],
    },
  });
  await build.close();
  const modules = output.filter(isChunk).flatMap(({ moduleIds }) => moduleIds);
  const folders = modules.map((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}
