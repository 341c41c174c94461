/** The allowed imports. Pure, so that the check itself is tested. */

/** Folder → the folders it may import (besides itself). */
export const arrows: Readonly<Record<string, readonly string[]>> = {
  base: [],
  http: ["base"],
  engine: ["base"],
  policy: ["base", "engine"],
  pki: ["base"],
  audit: ["base"],
  identity: ["base", "policy"],
  fleet: ["base", "pki", "identity"],
  line: ["base", "engine"],
  facts: ["base", "engine"],
  host: ["base", "engine", "policy", "pki", "identity", "line", "facts"],
  doctor: ["base", "engine", "pki", "line", "facts"],
  topology: ["base", "engine", "facts", "doctor"],
  explain: ["base", "engine", "pki"],
  gateway: ["base", "http", "engine", "policy", "audit", "identity", "fleet"],
  agent: ["base", "http"],
  app: [
    "base",
    "engine",
    "policy",
    "pki",
    "audit",
    "identity",
    "fleet",
    "line",
    "facts",
    "host",
    "doctor",
    "topology",
    "explain",
    "gateway",
  ],
  system: [
    "base",
    "engine",
    "pki",
    "line",
    "facts",
    "host",
    "doctor",
    "explain",
    "audit",
    "identity",
    "fleet",
    "gateway",
    "agent",
  ],
  cli: [
    ...[
      "base",
      "engine",
      "policy",
      "pki",
      "line",
      "facts",
      "host",
      "doctor",
      "topology",
      "explain",
      "audit",
      "identity",
      "fleet",
      "gateway",
      "agent",
    ],
    ...["app", "system"],
  ],
};

/** Folders that must stay free of effects: no fs, net, process, timers. */
export const pure: ReadonlySet<string> = new Set([
  "base",
  "http",
  "engine",
  "policy",
  "pki",
  "audit",
  "identity",
  "fleet",
  "line",
  "facts",
  "host",
  "doctor",
  "topology",
  "explain",
  "agent",
  "app",
]);

const ALLOWED_BUILTINS = new Set(["node:crypto", "node:util", "node:path", "node:url", "node:zlib"]);
const EFFECT_GLOBALS = /(?<![\w.$"'`])(process|setTimeout|setInterval|fetch|Date\.now|console)\b\s*[.(]/;

/** One source file as the check sees it. */
export interface SourceFile {
  /** Below src/, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Import specifiers of a file, including types. */
export function importsOf(text: string): string[] {
  const found = text.matchAll(
    /(?:^|[\n;])\s*(?:import|export)\b[^"';]*?from\s*"([^"]+)"|import\s*\(\s*"([^"]+)"\s*\)|(?:^|\n)import\s*"([^"]+)"/g,
  );
  return [...found].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

function resolve(from: string, specifier: string): string {
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** A use case has an index of its own, so that a command loads that use case and no other. */
function isIndex(target: string, folder: string): boolean {
  return folder === "app" ? /^app\/[^/]+\/index\.ts$/.test(target) : target === `${folder}/index.ts`;
}

function violationsOf(file: SourceFile): string[] {
  const folder = file.path.split("/")[0] ?? "";
  const allowed = arrows[folder];
  if (!allowed) return [`${file.path}: the folder src/${folder} has no place in tools/layers.ts`];
  const isTest = file.path.endsWith(".test.ts");
  const problems: string[] = [];
  for (const specifier of importsOf(file.text)) {
    if (specifier.startsWith("node:")) {
      if (pure.has(folder) && !isTest && !ALLOWED_BUILTINS.has(specifier))
        problems.push(`${file.path}: ${folder} is pure and must not import ${specifier}`);
    } else if (specifier.startsWith(".") && !(isTest && specifier.includes("/test/support/"))) {
      const target = resolve(file.path, specifier);
      const other = target.split("/")[0] ?? "";
      if (other !== folder && !allowed.includes(other))
        problems.push(`${file.path}: ${folder} must not import ${other} (${target})`);
      else if (other !== folder && !isIndex(target, other) && !(folder === "cli" && other === "system"))
        problems.push(`${file.path}: import ${other}/index.ts, not ${target}`);
    }
  }
  if (pure.has(folder) && !isTest) {
    const code = file.text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|`(?:\\.|[^`\\])*`/g, "");
    const effect = EFFECT_GLOBALS.exec(code);
    if (effect) problems.push(`${file.path}: ${folder} is pure and must not use ${effect[1]}`);
  }
  return problems;
}

/** Each circle once, its first member repeated at the end. */
function circlesIn(graph: ReadonlyMap<string, Iterable<string>>): string[][] {
  const done = new Set<string>();
  const circles: string[][] = [];
  const visit = (name: string, trail: readonly string[]): void => {
    const at = trail.indexOf(name);
    if (at >= 0) circles.push([...trail.slice(at), name]);
    if (at >= 0 || done.has(name)) return;
    for (const next of graph.get(name) ?? []) visit(next, [...trail, name]);
    done.add(name);
  };
  for (const name of graph.keys()) visit(name, []);
  return circles;
}

function cyclesOf(files: readonly SourceFile[]): string[] {
  const graph = new Map(
    files.map((file) => [
      file.path,
      importsOf(file.text)
        .filter((specifier) => specifier.startsWith("."))
        .map((specifier) => resolve(file.path, specifier)),
    ]),
  );
  return circlesIn(graph).map((circle) => `cycle: ${circle.join(" → ")}`);
}

/**
 * Circles of folders. Each sub-folder counts as one with everything below it; a file may import from the folders above
 * it, so a folder and its own sub-folders form no circle.
 */
function folderCyclesOf(files: readonly SourceFile[]): string[] {
  const graphs = new Map<string, Map<string, Set<string>>>();
  for (const { path, text } of files.filter((file) => !file.path.endsWith(".test.ts")))
    for (const specifier of importsOf(text).filter((one) => one.startsWith("."))) {
      const [from, to] = [path.split("/"), resolve(path, specifier).split("/")];
      const at = from.findIndex((part, index) => part !== to[index]);
      if (at < 0 || at >= from.length - 1 || at >= to.length - 1) continue;
      const parent = from.slice(0, at).join("/");
      const graph = graphs.get(parent) ?? new Map<string, Set<string>>();
      graphs.set(parent, graph);
      const [name, other] = [from[at] ?? "", to[at] ?? ""];
      graph.set(name, (graph.get(name) ?? new Set()).add(other));
    }
  return [...graphs].flatMap(([parent, graph]) =>
    circlesIn(graph).map((circle) => `cycle of folders below src/${parent}: ${circle.join(" → ")}`),
  );
}

const MAX_FILES = 12;
/** Folders with one file for each member of a list, and nothing else. */
const ONE_FILE_EACH: ReadonlySet<string> = new Set([
  "doctor/checks/inside",
  "doctor/checks/outside",
  "explain/messages",
]);

function tooManyFiles(files: readonly SourceFile[]): string[] {
  const counts = new Map<string, number>();
  for (const { path } of files.filter((file) => !file.path.endsWith(".test.ts"))) {
    const folder = path.split("/").slice(0, -1).join("/");
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([folder, count]) => count > MAX_FILES && !ONE_FILE_EACH.has(folder))
    .map(([folder, count]) => `src/${folder}: ${count} files, more than ${MAX_FILES}`);
}

const MAX_LINES = 300;

function tooLong(file: SourceFile): string[] {
  const lines = file.text.split("\n").length;
  return lines > MAX_LINES ? [`${file.path}: ${lines} lines, more than ${MAX_LINES}`] : [];
}

/** @returns one line for each problem; empty if all imports are allowed and no file is too large */
export function checkLayers(files: readonly SourceFile[]): string[] {
  return [
    ...files.flatMap(violationsOf),
    ...files.flatMap(tooLong),
    ...tooManyFiles(files),
    ...cyclesOf(files),
    ...folderCyclesOf(files),
  ];
}
