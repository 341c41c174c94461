/**
 * Adds the optional packages for other platforms that the registry does not have to package-lock.json. npm leaves them
 * out, and `npm ci` then fails because they are missing; with an entry that names the platform, npm skips them without
 * a request. Run it after every `npm install`.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const FILE = join(import.meta.dirname, "../package-lock.json");

interface Entry {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type Packages = Record<string, Entry>;

/** What npm needs to know to skip a package, from its name: `…-OS-CPU[-LIBC]`. */
function platformOf(name: string): Record<string, readonly string[]> {
  if (name.endsWith("-wasm32-wasi")) return { cpu: ["wasm32"] };
  const match = /-(android|darwin|freebsd|linux|openharmony|win32)-([a-z0-9]+)(?:-(\w+))?$/.exec(name);
  const [, os, cpu, libc] = match ?? [];
  if (os === undefined || cpu === undefined) throw new Error(`which platform is ${name} for?`);
  const kind = { musl: "musl", gnu: "glibc" }[libc ?? ""];
  return { os: [os], cpu: [cpu], ...(kind && { libc: [kind] }) };
}

/** Where Node would find a package for the one that requires it: inside it, or further up. */
function find(packages: Packages, from: string, name: string): Entry | undefined {
  const place = from === "" ? "" : `${from}/`;
  const found = packages[`${place}node_modules/${name}`];
  return found || from === ""
    ? found
    : find(packages, from.replace(/\/?node_modules\/[^/]*(\/[^/]+)?$/, ""), name);
}

/** Those with an exact version only: an optional package with a range is no part of another one. */
function missingOf(packages: Packages): [string, Entry][] {
  return Object.entries(packages).flatMap(([from, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies).flatMap(([name, version]): [string, Entry][] => {
      const found = find(packages, from, name);
      if (!/^\d/.test(version) || found?.version === version) return [];
      const path = found ? `${from}/node_modules/${name}` : `node_modules/${name}`;
      return [[path, { version, dev: true, optional: true, ...platformOf(name) } as Entry]];
    }),
  );
}

const lock: { packages: Packages } = JSON.parse(await readFile(FILE, "utf8"));
const missing = missingOf(lock.packages);
const entries = [...Object.entries(lock.packages), ...missing];
lock.packages = Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
await writeFile(FILE, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${missing.length} packages for other platforms added`);
