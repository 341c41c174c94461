/** `docker cp` of a deployer: own containers, plain archives, and only on engines that no advisory names. */
import { expect, test } from "vitest";
import { askRole, callOf } from "../../test/support/policy/ask-role.ts";
import { containerOf, emptyEngine, ME, OTHER } from "../../test/support/policy/engine.ts";
import { tar } from "../../test/support/tar.ts";
import { OWNER_LABEL } from "./body/model/index.ts";
import { type Asking, compileRole, decide, defaultRole, type EngineLookup } from "./index.ts";

const ID = "1".repeat(64);
const ARCHIVE = Buffer.from(tar({ "a.txt": "hello" }), "latin1");
const deployer = compileRole(defaultRole("deployer"));

const engineOf = (version: string | null): EngineLookup => ({
  ...emptyEngine,
  version: async () => version,
  inspectContainer: async (ref) => containerOf(ref === "mine" ? ME : OTHER),
  inspectImage: async () => ({}),
});

async function ask(line: string, version: string | null, body = Buffer.alloc(0), over: Partial<Asking> = {}) {
  const maxBytes = line.startsWith("PUT") ? 4 * 1024 * 1024 : 64;
  expect(decide(deployer, callOf(line))).toMatchObject({ allow: null, maxBytes });
  const asked = { contentType: ["application/x-tar"], engine: engineOf(version), ...over };
  const verdict = await askRole(deployer).ask(line, body, asked);
  return verdict.allow ? verdict : `${verdict.status ?? 403} ${verdict.rule} ${verdict.reason}`;
}

const GET = "GET /v1.41/containers/mine/archive?path=/etc";
const HEAD = "HEAD /containers/mine/archive?path=/etc";
const PUT = "PUT /containers/mine/archive?path=/&noOverwriteDirNonDir=true";

test("on a safe engine, files are copied from and to own containers, by the full ID", async () => {
  expect(await ask(GET, "29.7.0")).toMatchObject({ target: `/v1.41/containers/${ID}/archive?path=%2Fetc` });
  expect(await ask(HEAD, "29.7.0")).toMatchObject({ allow: true });
  expect(await ask(PUT, "29.9.0", ARCHIVE, { contentEncoding: ["identity"] })).toMatchObject({
    target: `/containers/${ID}/archive?path=%2F&noOverwriteDirNonDir=true`,
    body: ARCHIVE,
  });
});

test.each([GET, HEAD, PUT])(
  "nothing is copied through a volume that has become somebody else's: %s",
  async (line) => {
    const volumeOf = (owner: string) => ({
      ...engineOf("29.7.0"),
      inspectContainer: async () => containerOf(ME, { volumes: ["data"] }),
      inspectVolume: async () => ({ [OWNER_LABEL]: owner }),
    });
    const body = line === PUT ? ARCHIVE : undefined;
    expect(await ask(line, null, body, { engine: volumeOf(OTHER) })).toMatch(/volume data is not yours/);
    expect(await ask(line, null, body, { engine: volumeOf(ME) })).toMatchObject({ allow: true });
  },
);

test("somebody else's container is answered like a missing one", async () => {
  for (const line of [GET, HEAD])
    expect(await ask(line.replace("mine", "hers"), "29.7.0")).toMatch(/^404 .*No such/);
  expect(await ask(PUT.replace("mine", "hers"), "29.7.0", ARCHIVE)).toMatch(/^404 .*No such container: hers/);
});

test.each([
  [GET, "29.5.0", "CVE-2026-41568, CVE-2026-42306; fixed in Docker 29.5.1; use"],
  [HEAD, "20.10.24+dfsg1", "CVE-2026-42306; fixed in Docker 29.5.1, or in a package of your distribution"],
  [
    PUT,
    "28.5.2",
    "this engine, 28.5.2, it can give root on the host: CVE-2026-41567, .*; fixed in Docker 29.7.0; use",
  ],
  [PUT, "29.6.2", "CVE-2026-17106; fixed in Docker 29.7.0"],
  [PUT, null, "this engine, of unknown version, .*CVE-2026-41567"],
  [GET, "dev", "this engine, dev, .*CVE-2026-41568"],
])("%s on Docker %s is refused with the advisory: %s", async (line, version, expected) => {
  const refused = await ask(line, version, line === PUT ? ARCHIVE : undefined);
  expect(refused).toMatch(
    new RegExp(`^403 deployer-archive:engineAdvisory .*${expected}.*\\(check engineAdvisory\\)$`),
  );
});

test("the engine that answers now decides", async () => {
  let version = "29.9.0";
  const engine = { ...engineOf(null), version: async () => version };
  expect(await ask(GET, null, undefined, { engine })).toMatchObject({ allow: true });
  version = "28.5.2";
  expect(await ask(GET, null, undefined, { engine })).toMatch(/engineAdvisory/);
});

test.each([
  ["compressed", Buffer.concat([Buffer.from("1f8b08", "hex"), ARCHIVE]), {}, "check archive"],
  ["no archive", Buffer.from("{}"), {}, "check archive"],
  ["declared as compressed", ARCHIVE, { contentEncoding: ["gzip"] }, "check encoding"],
])("an archive that is %s is refused on any engine", async (_what, body, over, expected) => {
  expect(await ask(PUT, "29.9.0", body, over)).toContain(expected);
});

test("without a path's parameter that is known, or with another one, it is refused", async () => {
  expect(await ask(`${GET}&x=y`, "29.9.0")).toContain("check query");
});
