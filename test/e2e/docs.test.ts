/**
 * Every command in README and docs, typed in order on a laptop that knows a real host as vps.example. What a page shows
 * of the output must be what came; `…` in the page stands for what differs from run to run.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shows, type Typed, typedIn } from "../docs/console-blocks.ts";
import { readPages } from "../docs/pages.ts";
import { bootHost, type Host } from "../support/host.ts";
import { MAIN } from "../support/program.ts";
import { mustRun, run } from "../support/run.ts";
import { withoutWaits } from "../support/waits.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const pages = (await readPages())
  .map(({ path, text }) => ({ path, typed: typedIn(text) }))
  .filter(({ typed }) => typed.length > 0);

/** Types one command after the other, in one shell; ends with the first whose exit status is not as told. */
const TYPIST = `folder=$1 at=0
cd "$HOME"
while [ -e "$folder/$at.command" ]; do
  eval "$(cat "$folder/$at.command")" >"$folder/$at.output" 2>&1 </dev/null
  status=$?
  echo "$status" >"$folder/$at.status"
  [ "$status" = "$(cat "$folder/$at.expected")" ] || exit 0
  at=$((at + 1))
done`;

let host: Host;
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tetherdock-docs-"));
  host = await bootHost({ name: "docs", flavour: "coreos" });
  const tetherdock = `#!/bin/sh\nexec ${process.execPath} ${MAIN} "$@"\n`;
  await mkdir(`${folder}/bin`);
  await writeFile(`${folder}/bin/tetherdock`, tetherdock, { mode: 0o755 });
});

afterAll(async () => {
  await host?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Addresses that stand for the host in pages: reserved for documentation (RFC 5737, RFC 3849). */
const IP = "203.0.113.7";
const IP6 = "2001:db8::7";

/** A page's addresses must not be typed as they stand: whoever answers there is not ours. */
function asTyped(command: string): string {
  return command.replaceAll(IP6, host.ip6).replaceAll(IP, host.ip);
}

/** The output as if it were the page's host and laptop. */
function asInDocs(output: string, home: string): string {
  return withoutWaits(output)
    .replaceAll(host.ip6, IP6)
    .replaceAll(host.ip, IP)
    .replaceAll(host.name, "vps")
    .replaceAll(home, "/home/anna")
    .replaceAll(`${userInfo().username}@${hostname()}`, "anna@laptop")
    .replace(/[ \t]+$/gm, "");
}

async function type(name: string, typed: readonly Typed[]): Promise<void> {
  const home = join(folder, name);
  const book = join(folder, `${name}.typed`);
  await mkdir(book);
  await mkdir(home);
  await mustRun([`${ROOT}scripts/lib/hello-repository`, home]);
  for (const [at, { command, status }] of typed.entries()) {
    await writeFile(join(book, `${at}.command`), asTyped(command));
    await writeFile(join(book, `${at}.expected`), `${status}`);
  }
  const path = `${folder}/bin:${dirname(process.execPath)}:${process.env["PATH"]}`;
  const clean = ["env", "-i", `PATH=${path}`, "SHELL=/bin/bash", "LC_ALL=C.UTF-8", "TERM=dumb"] as const;
  const laptop = [`${ROOT}scripts/lib/laptop`, home, `vps.example=${host.name}`, "--"] as const;
  await mustRun([...clean, ...laptop, "bash", "-c", TYPIST, "bash", book]);
  for (const [at, { command, status, shown }] of typed.entries()) {
    const output = asInDocs(await readFile(join(book, `${at}.output`), "utf8"), home);
    const ended = await readFile(join(book, `${at}.status`), "utf8");
    // what comes after was not typed any more
    expect(Number(ended), `$ ${command}\n${output}`).toBe(status);
    if (shown.length === 0) continue;
    // On failure the difference is shown line by line.
    if (!shows(shown, output)) expect.soft(output, `$ ${command}`).toBe(`${shown.join("\n")}\n`);
  }
}

describe("the commands of", () => {
  test.for(pages)("$path", async ({ path, typed }) => {
    await host.reset();
    await host.root("mk-tiny");
    await type(path.replaceAll("/", "-"), typed);
  });
});

test("the pages have commands", async () => {
  expect(pages.flatMap(({ typed }) => typed).length).toBeGreaterThan(20);
  const { status } = await run([`${ROOT}scripts/lib/laptop`, folder, "--", "false"]);
  expect(status, "the laptop passes exit statuses on").toBe(1);
});
