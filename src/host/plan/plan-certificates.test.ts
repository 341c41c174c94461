import { beforeAll, expect, test } from "vitest";
import { hostFacts, NOW } from "../../../test/support/host-facts.ts";
import { DAY_MS } from "../../base/index.ts";
import type { HostFacts } from "../../facts/index.ts";
import {
  type Authority,
  issueServer,
  makeAuthority,
  makeKeyPair,
  normaliseNames,
  openAuthority,
  readCertificate,
  renewAuthority,
} from "../../pki/index.ts";
import type { DesiredState } from "./desired-state.ts";
import { planCertificates } from "./plan-certificates.ts";

const PATHS = { key: "/key", certificate: "/certificate", ca: "/ca" };
const names = normaliseNames(["192.0.2.7", "web1"]);
const { publicKey } = makeKeyPair();
let ca: string;
let authority: Authority;
let certificate: string;

beforeAll(async () => {
  const stored = await makeAuthority({ subject: "test", now: NOW });
  ca = stored.certificate;
  authority = await openAuthority(stored);
  certificate = await issueServer(authority, { publicKey, names, now: NOW });
});

const file = (path: string, text: string) => [path, { path, mode: "644", owner: "0:0", text }] as const;

interface Has {
  readonly key?: string | null;
  readonly shown?: string;
  readonly shownCa?: string;
}

function plan({ key = publicKey, shown = certificate, shownCa = ca }: Has, over: Partial<DesiredState> = {}) {
  const ours: HostFacts["ours"] = {
    publicKey: key,
    files: new Map([
      ...(shown ? [file("/certificate", shown)] : []),
      ...(shownCa ? [file("/ca", shownCa)] : []),
    ]),
  };
  const desired = { ca, caReason: null, isCaMade: false, names, now: NOW, ...over } as DesiredState;
  return planCertificates(hostFacts({}, { ours }), desired, PATHS);
}

const kinds = (changes: ReturnType<typeof plan>) => changes.map(({ kind, path }) => `${kind} ${path}`);

test("a fresh host gets a key, the CA and a certificate, in this order", () => {
  const made = plan({ key: null, shown: "", shownCa: "" });
  expect(kinds(made)).toEqual(["key /key", "write /ca", "certificate /certificate"]);
  expect(made[2]).toMatchObject({ before: null, names });
});

test("correct files stay, whatever the order of the names", () => {
  expect(plan({})).toEqual([]);
  expect(plan({}, { names: names.toReversed() })).toEqual([]);
});

test.each<[string, () => Promise<Has> | Has, Partial<DesiredState>, string]>([
  ["no key", () => ({ key: null }), {}, "proves to clients"],
  ["no certificate", () => ({ shown: "" }), {}, "proves to clients"],
  ["a text that is no certificate", () => ({ shown: "x" }), {}, "cannot be read"],
  ["another key", () => ({ key: makeKeyPair().publicKey }), {}, "another key"],
  ["another name", () => ({}), { names: normaliseNames(["192.0.2.8", "web1"]) }, "have changed"],
  ["a name less", () => ({}), { names: normaliseNames(["192.0.2.7"]) }, "have changed"],
  [
    "another CA",
    async () => {
      const other = await openAuthority(await makeAuthority({ subject: "test", now: NOW }));
      return { shown: await issueServer(other, { publicKey, names, now: NOW }) };
    },
    {},
    "another CA",
  ],
])("a certificate is renewed for %s, and the plan says why", async (_what, has, over, reason) => {
  const made = plan(await has(), over).find(({ kind }) => kind === "certificate");
  expect(made?.reason).toContain(reason);
});

test("a certificate is renewed before it expires", () => {
  const { notAfter } = readCertificate(certificate);
  expect(kinds(plan({}, { now: notAfter - DAY_MS }))).toEqual(["certificate /certificate"]);
});

test("in the CA's last month, a certificate that ends with the CA stays: a new one would end then too", async () => {
  const { notAfter } = authority.facts;
  const now = notAfter - 20 * DAY_MS;
  const last = await issueServer(authority, { publicKey, names, now: notAfter - 100 * DAY_MS });
  expect(plan({ shown: last }, { now })).toEqual([]);
  const earlier = await issueServer(authority, { publicKey, names, now: notAfter - 398 * DAY_MS });
  expect(kinds(plan({ shown: earlier }, { now }))).toEqual(["certificate /certificate"]);
});

test("a CA with a new certificate for its key is written, and nothing else", async () => {
  const { certificate: next } = await renewAuthority(authority, NOW + 9 * 365 * DAY_MS);
  const over = { caReason: "it ends", isCaMade: true };
  const made = plan({}, { ca: next, ...over });
  expect(made).toMatchObject([{ kind: "write", path: "/ca", after: next, reason: "it ends" }]);
  // A dry run does not ask for the passphrase of the CA key.
  expect(kinds(plan({}, over))).toEqual(["write /ca"]);
});
