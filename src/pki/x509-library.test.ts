import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

/** In a separate process, because the library is already loaded here. */
const script = `
  import { createRequire } from "node:module";
  const cache = createRequire(import.meta.url).cache;
  const face = await import(${JSON.stringify(new URL("./index.ts", import.meta.url).href)});
  const state = () => ({
    loaded: Object.keys(cache).some((path) => path.includes("@peculiar")),
    reflect: Reflect.ownKeys(Reflect).filter((key) => /metadata/i.test(String(key))),
  });
  const before = state();
  face.normaliseNames(["a.example"]);
  try { face.readCertificate("x"); } catch {}
  const read = state();
  await Promise.all([1, 2].map(() => face.makeAuthority({ subject: "x", now: 1e12 })));
  console.log(JSON.stringify({ before, read, issued: state() }));
`;

test("reading does not load the issuing library, and issuing leaves Reflect as it was", async () => {
  const run = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  expect(JSON.parse(run.stdout)).toEqual({
    before: { loaded: false, reflect: [] },
    read: { loaded: false, reflect: [] },
    issued: { loaded: true, reflect: [] },
  });
});
