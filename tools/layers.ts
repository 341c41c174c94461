/** The arrows: who may import whom. Pure, so that the check itself is tested. */

/** Folder → the folders it may import (beside itself). */
export const arrows: Readonly<Record<string, readonly string[]>> = {
  base: [],
  http: ["base"],
  engine: ["base"],
  policy: ["base", "engine"],
  pki: ["base"],
  audit: ["base"],
  line: ["base", "engine"],
  facts: ["base"],
  host: ["base", "engine", "pki", "line", "facts"],
  doctor: ["base", "engine", "pki", "line", "facts"],
  gateway: ["base", "http", "engine", "policy", "audit"],
  app: ["base", "engine", "policy", "pki", "audit", "line", "facts", "host", "doctor", "gateway"],
  system: ["base", "engine", "pki", "line", "facts", "host", "doctor", "audit", "gateway"],
  cli: ["base", "engine", "pki", "line", "facts", "host", "doctor", "audit", "gateway", "app", "system"],
};

/** Folders that must stay free of effects: no fs, net, process, timers. */
export const pure: ReadonlySet<string> = new Set([
  "base",
  "http",
  "engine",
  "policy",
  "pki",
  "audit",
  "line",
  "facts",
  "host",
  "doctor",
  "app",
]);

const ALLOWED_BUILTINS = new Set(["node:crypto", "node:util", "node:path", "node:url"]);
const EFFECT_GLOBALS = /(?<![\w.$"'`])(process|setTimeout|setInterval|fetch|Date\.now|console)\b\s*[.(]/;

/** One source file as the check sees it. */
export interface SourceFile {
  /** Below src/, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Import specifiers of a file, types included: an arrow is an arrow. */
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

function cyclesOf(files: readonly SourceFile[]): string[] {
  const graph = new Map(
    files.map((file) => [
      file.path,
      importsOf(file.text)
        .filter((specifier) => specifier.startsWith("."))
        .map((specifier) => resolve(file.path, specifier)),
    ]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) cycles.push(`cycle: ${[...trail.slice(at), path].join(" → ")}`);
    if (at >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return cycles;
}

const MAX_LINES = 300;

function tooLong(file: SourceFile): string[] {
  const lines = file.text.split("\n").length;
  return lines > MAX_LINES ? [`${file.path}: ${lines} lines, more than ${MAX_LINES}`] : [];
}

/** @returns one line a problem; empty when the arrows hold and no file has outgrown a review. */
export function checkLayers(files: readonly SourceFile[]): string[] {
  return [...files.flatMap(violationsOf), ...files.flatMap(tooLong), ...cyclesOf(files)];
}
