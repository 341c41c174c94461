/**
 * Damaged calls to the admin API: each has an answer that says what is wrong, none fails inside, and the gateway goes on. Another
 * sample every day; `TETHERDOCK_FUZZ_SECONDS=900` takes longer.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { Random } from "../support/random.ts";
import { seed } from "../support/sample.ts";
import { oddJson } from "./support/damage.ts";
import { Stage } from "./support/stage.ts";

const seconds = Number(process.env["TETHERDOCK_FUZZ_SECONDS"] ?? 0);
const CALLS = 300;
const AT_ONCE = 4;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make();
});
afterAll(() => stage.end());

const HEX = "ab".repeat(32);
const NAMES = [
  "eva",
  "eva",
  "eva",
  "ben@x",
  "constructor",
  "__proto__",
  "..",
  "%2e%2e",
  "a%2Fb",
  "%00",
  "%ff",
  "%",
];
const client = { name: "eva", role: "viewer", fingerprint: HEX, state: "active", expires: null };
const claims = { repository: "org/app" };
const job = { issuer: "https://ci.test", audience: "tetherdock:test", claims, lifeMs: 600_000, ca: null };

const calls = (): readonly (readonly [method: string, path: string, body?: unknown])[] => {
  const { cert: certificate } = stage.person("vera");
  return [
    ["PUT", "clients/NAME", client],
    ["POST", "clients/NAME/revoke"],
    ["POST", "clients/NAME/restore"],
    ["POST", "clients/NAME/role", { role: "viewer" }],
    ["POST", "clients/NAME/rename", { name: "ben" }],
    ["DELETE", "clients/NAME"],
    ["PUT", "invitations/NAME", { hash: HEX, role: "viewer", expires: null, forMs: 60_000, approve: true }],
    ["GET", "approvals/NAME"],
    ["PUT", "approvals/NAME", { fingerprint: HEX, role: "viewer", expires: null, certificate }],
    ["PUT", "oidc/NAME", { role: "viewer", expires: null, ...job }],
    ["GET", "renewals/NAME"],
    ["PUT", "renewals/NAME", { certificate }],
    ["PUT", "certificate", { certificate }],
    [
      "PUT",
      "roles/NAME",
      { version: 1, name: "eva", extends: "viewer", operations: { allow: ["ContainerLogs"] } },
    ],
    ["DELETE", "roles/NAME"],
    ["PUT", "fleet", { roots: ["{}"], targets: "{}", list: "{}" }],
    ["PUT", "fleet/store", { host: "eva", credentials: null }],
    ["DELETE", "fleet"],
    ["DELETE", "sessions/NAME"],
    ["GET", "audit?since=1&client=NAME"],
    ["GET", `audit/verify?seal=${HEX}`],
    ["GET", "audit/files/NAME?from=1"],
    ["POST", "reload"],
    ["GET", "clients"],
  ];
};

/** A path of the API, or nearly. */
function odd(random: Random, path: string): string {
  const named = path.replace("NAME", random.pick(NAMES));
  if (random.chance(80)) return named;
  const at = random.below(named.length + 1);
  const more = random.pick([
    "/",
    "//",
    "?",
    "&",
    "=",
    "%",
    "%2f",
    "%e2%82",
    "x".repeat(3_000),
    "999999999999999",
    "-1",
    ".",
  ]);
  return named.slice(0, at) + more + named.slice(at);
}

async function ask(method: string, path: string, body: string): Promise<string> {
  const anna = await stage.connect();
  const framing = body === "" ? "" : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  anna.send(
    `${method} /tetherdock/v1/${path} HTTP/1.1\r\nHost: d\r\nConnection: close\r\n${framing}\r\n${body}`,
  );
  const answer = await anna.rest();
  anna.destroy();
  return answer;
}

test("each call has an answer, and none fails inside", { timeout: 60_000 + seconds * 1000 }, async () => {
  const until = performance.now() + seconds * 1000;
  let count = 0;
  const one = async () => {
    while (count < CALLS || performance.now() < until) {
      const random = new Random(`${seed} calls ${count++}`);
      const [method, path, body] = random.pick(calls());
      const asked = [method, odd(random, path), body === undefined ? "" : oddJson(random, body)] as const;
      const answer = await ask(...asked);
      const status = /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? "none";
      expect
        .soft(["200", "400", "404", "409"], `${asked.join(" ")}: ${answer.slice(0, 700)}`)
        .toContain(status);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  expect(await ask("GET", "status", "")).toMatch(/^HTTP\/1\.1 200/);
});
