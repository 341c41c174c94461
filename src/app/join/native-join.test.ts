/** A machine that joins a native engine: its key waits for the certificate, and only a fitting one makes a line. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { countingRandom } from "../../../test/support/app/counting-random.ts";
import { ISSUING, LINE, LINE_CA } from "../../../test/support/app/joining.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import type { Credential, EngineVersionResult } from "../../engine/index.ts";
import { formatNativeToken } from "../../identity/index.ts";
import {
  type Authority,
  issueClient,
  keyFingerprint,
  makeAuthority,
  makeKeyPair,
  openAuthority,
  readCertificate,
  readSigningRequest,
} from "../../pki/index.ts";
import { joinNative } from "./native-join.ts";
import { requestNative } from "./native-request.ts";

const HOST = { address: "vps.example", port: 2376, line: "vps" };
const TOKEN = formatNativeToken({ ...HOST, caFingerprint: readCertificate(LINE_CA).publicKeyFingerprint });
const WORKS: EngineVersionResult = { ok: true, engine: { version: "28.5.2", apiVersion: "1.51" } };
const REFUSED: EngineVersionResult = {
  ok: false,
  seen: { kind: "tls-alert", alert: "unknown_ca", stage: "after" },
};

class MemoryKeys {
  readonly texts = new Map<string, string>();
  readonly read = async (line: string) => this.texts.get(line);
  readonly claim = async (line: string, text: string) => {
    const kept = this.texts.get(line) ?? text;
    this.texts.set(line, kept);
    return kept;
  };
  readonly remove = async (line: string) => void this.texts.delete(line);
}

function stage() {
  const state = { answer: WORKS };
  const [lines, keys] = [new MemoryLines(), new MemoryKeys()];
  const asked: Credential[] = [];
  const ports = {
    ...{ lines, keys, clock: () => NOW, random: countingRandom(), isGateway: async () => false },
    askEngine: async (_: unknown, credential: Credential) => {
      asked.push(credential);
      return state.answer;
    },
  };
  const request = (token = TOKEN, name?: string) => requestNative(ports, token, name);
  const finish = (text: string, token = TOKEN, name?: string) => joinNative(ports, token, name, text);
  return { lines, keys, asked, state, request, finish };
}

/** What the operator sends. */
async function signed(request: string, over: { authority?: Authority; until?: number } = {}) {
  const { authority = LINE, until } = over;
  const publicKey = await readSigningRequest(request);
  return issueClient(authority, {
    ...{ publicKey, commonName: "bob@desk", now: Math.min(NOW, (until ?? NOW + 1) - 1) },
    ...(until !== undefined && { until }),
  });
}

test("the key of a newer tetherdock's request is not replaced", async () => {
  const { keys, request } = stage();
  await request();
  const newer = (keys.texts.get("vps") ?? "").replace('"version": 1', '"version": 2');
  keys.texts.set("vps", newer);
  expect(await failureOf(request())).toMatchObject({
    ...{ code: "STATE_NEWER", message: "a newer tetherdock wrote joining/vps.json" },
  });
  expect(keys.texts.get("vps")).toBe(newer);
});

test("a request is for a key that stays here; the same one until the certificate comes", async () => {
  const { lines, keys, asked, request, finish } = stage();
  const made = await request();
  expect(made).toMatchObject({ line: "vps", address: "vps.example", port: 2376 });
  expect(keyFingerprint(await readSigningRequest(made.request))).toBe(made.fingerprint);
  expect((await request()).fingerprint).toBe(made.fingerprint);
  expect([await lines.list(), lines.staged.size]).toEqual([[], 0]);
  const certificate = await signed(made.request);
  expect(await finish(`mail header\n${certificate}${LINE_CA}`)).toEqual({
    ...{ line: "vps", address: "vps.example:2376", client: "bob@desk", role: null },
    expires: new Date(readCertificate(certificate).notAfter).toISOString(),
  });
  expect(await lines.read("vps")).toMatchObject({ joined: true, mode: "native", target: null });
  const files = lines.kept.get("vps");
  expect(files?.get("docker/ca.pem")).toBe(LINE_CA);
  expect(keyFingerprint(files?.get("docker/key.pem") ?? "")).toBe(made.fingerprint);
  expect(keys.texts.size).toBe(0);
  expect(asked).toMatchObject([{ kind: "tls", caPem: LINE_CA }]);
});

const OTHER = await openAuthority(await makeAuthority({ subject: "line", now: NOW }));

test.each<[string, (request: string) => Promise<string>]>([
  ["with another CA", async (request) => (await signed(request, { authority: OTHER })) + OTHER.certificate],
  [
    "that the CA has not signed",
    async (request) => (await signed(request, { authority: ISSUING })) + LINE_CA,
  ],
  [
    "for another key",
    async () => {
      const publicKey = makeKeyPair().publicKey;
      return (await issueClient(LINE, { publicKey, commonName: "bob", now: NOW })) + LINE_CA;
    },
  ],
  ["that has expired", async (request) => (await signed(request, { until: NOW })) + LINE_CA],
  ["without the CA", signed],
  ["that is the CA twice", async () => LINE_CA + LINE_CA],
  ["with a third one", async (request) => (await signed(request)) + LINE_CA + OTHER.certificate],
  ["that is huge", async (request) => (await signed(request)) + LINE_CA + "x".repeat(70_000)],
  ["that is none", async () => "hello"],
])("a certificate %s is refused, before the host is asked; the key stays", async (_what, make) => {
  const { lines, keys, asked, request, finish } = stage();
  const text = await make((await request()).request);
  expect(await failureOf(finish(text))).toMatchObject({ code: "JOIN_REFUSED" });
  expect([asked, lines.kept.size, lines.staged.size, keys.texts.size]).toEqual([[], 0, 0, 1]);
});

test("a host that does not accept the certificate makes no line; the same command can be repeated", async () => {
  const { lines, state, request, finish } = stage();
  const text = (await signed((await request()).request)) + LINE_CA;
  state.answer = REFUSED;
  const error = await failureOf(finish(text));
  expect(error).toMatchObject({ code: "JOIN_REFUSED", hints: ["tetherdock doctor tcp://vps.example:2376"] });
  expect(lines.kept.size).toBe(0);
  state.answer = WORKS;
  expect(await finish(text)).toMatchObject({ line: "vps" });
});

test("the key of one host's request is not used for another; the newer request counts", async () => {
  const { request, finish } = stage();
  const first = await request();
  const token = formatNativeToken({
    ...HOST,
    caFingerprint: readCertificate(OTHER.certificate).publicKeyFingerprint,
  });
  const second = await request(token);
  expect(second.fingerprint).not.toBe(first.fingerprint);
  const text = (await signed(first.request)) + LINE_CA;
  expect(await failureOf(finish(text))).toMatchObject({
    ...{ code: "JOIN_REFUSED", message: expect.stringContaining("has made no request") },
  });
});

test("a name that is taken is refused for both steps", async () => {
  const { lines, request, finish } = stage();
  const files = { "docker/ca.pem": LINE_CA, "docker/cert.pem": "", "docker/key.pem": "" };
  lines.keep(sampleLine({ name: "vps" }), files);
  expect(await failureOf(request())).toMatchObject({ code: "LINE_EXISTS" });
  expect(await failureOf(finish(""))).toMatchObject({ code: "LINE_EXISTS" });
  expect(await request(TOKEN, "work")).toMatchObject({ line: "work" });
});
