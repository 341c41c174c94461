/** What does not let a job in: tokens of others, forged, altered, old and used ones, and issuers that misbehave. */
import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { JOB_PROTOCOL } from "../../src/gateway/index.ts";
import { call } from "./support/call.ts";
import { type Answer, Issuer, SigningKey, tokenOf } from "./support/issuer.ts";
import { exchange, trust } from "./support/jobs.ts";
import { newMachine } from "./support/joining.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
let issuer: Issuer;
let other: Issuer;
beforeAll(async () => {
  // An issuer in its own right, whose key has the same name.
  [issuer, other] = await Promise.all([Issuer.make([new SigningKey("one", "RS256")]), Issuer.make()]);
});
beforeEach(async () => {
  stage = await Stage.make();
  delete issuer.answers.configuration;
  delete issuer.answers.keys;
  await trust(stage, issuer);
  return () => stage.end();
});
afterAll(() => Promise.all([issuer.close(), other.close()]));

const key = () => issuer.keys[0] as SigningKey;
const seconds = (more: number) => Math.floor(Date.now() / 1000) + more;
const refused = (text: RegExp) => ({ refused: expect.stringMatching(text) });
/** Signed by the issuer's key, with any header. */
const signed = (header: object, payload: unknown = issuer.payload()) =>
  tokenOf(header, payload, (one) => key().sign(one));
const double = (text: string) =>
  text.replace('"repository":"org/app"', '"repository":"x","repository":"org/app"');

/** Refused before anything is asked of the issuer: name, token, and what the job is told. */
const FORGED: readonly [string, () => string, RegExp][] = [
  ["another repository", () => issuer.token({ repository: "evil/app" }), /claim repository is not/],
  ["another environment", () => issuer.token({ environment: "dev" }), /claim environment is not/],
  ["no environment", () => issuer.token({ environment: undefined }), /claim environment is not/],
  ["a claim that is a list", () => issuer.token({ repository: ["org/app"] }), /claim repository is not/],
  ["a claim that is an object", () => issuer.token({ repository: { a: 1 } }), /claim repository is not/],
  ["another case", () => issuer.token({ repository: "Org/App" }), /claim repository is not/],
  ["another audience", () => issuer.token({ aud: "https://github.com/org" }), /another audience/],
  ["several audiences", () => issuer.token({ aud: ["tetherdock:test", "x"] }), /aud must be one audience/],
  ["no audience", () => issuer.token({ aud: undefined }), /aud is missing/],
  ["another issuer with a key of the same name", () => other.token(), /another issuer/],
  ["an issuer with an extra slash", () => issuer.token({ iss: `${issuer.url}/` }), /another issuer/],
  ["an expired token", () => issuer.token({ exp: seconds(-61), iat: seconds(-300) }), /has expired/],
  ["no end", () => issuer.token({ exp: undefined }), /exp is missing/],
  ["an end in text", () => issuer.token({ exp: "9999999999" }), /exp must be a number/],
  ["a token from the future", () => issuer.token({ iat: seconds(120), exp: seconds(400) }), /not valid yet/],
  ["a token that is not valid yet", () => issuer.token({ nbf: seconds(120) }), /not valid yet/],
  ["a token for a month", () => issuer.token({ exp: seconds(2_592_000) }), /longer than a day/],
  ["alg none", () => `${tokenOf({ alg: "none" }, issuer.payload(), () => Buffer.alloc(0))}`, /not a signed/],
  ["alg none with a signature", () => signed({ alg: "none", kid: "one" }), /its header: alg/],
  [
    "an HMAC with the public key",
    () => tokenOf({ alg: "HS256", kid: "one" }, issuer.payload(), (one) => key().hmac(one)),
    /its header: alg/,
  ],
  ["an algorithm of another case", () => signed({ alg: "rs256", kid: "one" }), /its header: alg/],
  ["a header extension", () => signed({ alg: "RS256", kid: "one", crit: ["b64"], b64: false }), /extensions/],
  [
    "double keys in what it says",
    () => signed({ alg: "RS256", kid: "one" }, double(JSON.stringify(issuer.payload()))),
    /not a signed/,
  ],
  [
    "double keys in its header",
    () => signed('{"alg":"none","alg":"RS256","kid":"one"}' as unknown as object),
    /not a signed/,
  ],
  ["a token of 20 KB", () => issuer.token({ more: "x".repeat(20_000) }), /longer than 16 KiB/],
  ["base64 instead of base64url", () => `${issuer.token()}=`, /not a signed/],
  ["five parts", () => `${issuer.token()}.a.b`, /not a signed/],
  ["a list", () => signed({ alg: "RS256" }, []), /not a signed/],
];

/** All at once, from one address each: a network is told of a few refused tokens a minute only. */
async function allRefused(cases: readonly (readonly [string, string, RegExp])[]): Promise<void> {
  const answers = await Promise.all(
    cases.map(([, token], index) => exchange(stage, token, { from: `127.9.0.${index + 1}` })),
  );
  for (const [index, [what, , text]] of cases.entries())
    expect(answers[index], what).toEqual(expect.objectContaining(refused(text)));
}

test("forged and foreign tokens are refused before anything is fetched, and recorded", async () => {
  issuer.asked.length = 0;
  await allRefused(FORGED.map(([what, make, text]) => [what, make(), text]));
  expect(issuer.asked).toEqual([]);
  const rules = new Set(
    (await stage.records()).filter(({ decision }) => decision === "refuse").map(({ rule }) => rule),
  );
  for (const rule of [
    "other-claims",
    "other-audience",
    "other-issuer",
    "expired-token",
    "future-token",
    "long-token",
    "malformed-token",
  ])
    expect(rules, rule).toContain(rule);
});

test("a signature by any other key is refused, whatever the token says about its key", async () => {
  const thief = new SigningKey("one", "RS256");
  const embedded = {
    alg: "RS256",
    kid: "one",
    jwk: thief.jwk,
    jku: `${other.url}/keys`,
    x5u: `${other.url}/x`,
  };
  const genuine = issuer.token();
  const [head, , signature] = genuine.split(".");
  const body = issuer.token({ run_id: "2" }).split(".")[1];
  const tokens = [
    ["a key of the same name", issuer.token({}, thief)],
    ["a key in the header", tokenOf(embedded, issuer.payload(), (one) => thief.sign(one))],
    ["a key that is not there", issuer.token({}, new SigningKey("two", "RS256"))],
    ["another algorithm for the key", signed({ alg: "PS256", kid: "one" })],
    ["another kind of key", signed({ alg: "ES256", kid: "one" })],
    ["what another token says", `${head}.${body}.${signature}`],
    ["half a signature", genuine.slice(0, -100)],
  ] as const;
  await allRefused(tokens.map(([what, token]) => [what, token, /not signed by a key of its issuer/]));
  expect(await exchange(stage, genuine)).toMatchObject({ name: "ci" });
});

const text =
  (body: string): Answer =>
  (_request, response) =>
    void response.end(body);
const BAD_ISSUERS: readonly [string, "configuration" | "keys", () => Answer, RegExp][] = [
  [
    "redirects",
    "configuration",
    () => (_, to) => void to.writeHead(302, { location: `${other.url}/` }).end(),
    /status 302/,
  ],
  [
    "names another issuer",
    "configuration",
    () => text(JSON.stringify({ issuer: other.url, jwks_uri: `${issuer.url}/keys` })),
    /of another issuer/,
  ],
  [
    "sends 10 MB of keys",
    "keys",
    () => text(`{"keys":[${'{"kty":"RSA"},'.repeat(750_000)}{}]}`),
    /longer than 1 MiB|more than 1 MiB/,
  ],
  [
    "compresses",
    "keys",
    () => (_, to) => void to.writeHead(200, { "content-encoding": "gzip" }).end("x"),
    /compressed/,
  ],
  ["breaks off", "keys", () => (request) => void request.socket.destroy(), /./],
];

test("an issuer that misbehaves lets nobody in, and the next job is served", async () => {
  for (const [index, [what, which, answer, told]] of BAD_ISSUERS.entries()) {
    issuer.answers[which] = answer();
    const more = { from: `127.9.2.${index + 1}` };
    expect(await exchange(stage, issuer.token(), more), what).toEqual(expect.objectContaining(refused(told)));
    delete issuer.answers[which];
  }
  expect(await exchange(stage, issuer.token())).toMatchObject({ name: "ci" });
});

test("an issuer that hangs delays its job by five seconds, and nobody else", async () => {
  issuer.answers.keys = () => {};
  const begun = performance.now();
  const hanging = exchange(stage, issuer.token());
  const anna = await stage.connect();
  expect(await call(anna, "GET", "status")).toMatchObject({ status: 200 });
  expect(await hanging).toEqual(expect.objectContaining({ ...refused(/within 5 s/), retry: true }));
  expect(performance.now() - begun).toBeLessThan(15_000);
});

test("a server that the issuer's CA did not sign for is not the issuer", async () => {
  await trust(stage, issuer, { ca: other.ca }, "wrong-ca");
  await trust(stage, issuer, { ca: null }, "public-ca");
  for (const client of ["wrong-ca", "public-ca"])
    expect(await exchange(stage, issuer.token(), { client })).toEqual(
      expect.objectContaining(refused(/cannot be fetched: .*(certificate|issuer)/)),
    );
});

test("a job that passes other bytes than the issuer's does not get in", async () => {
  // The job itself answers, as the issuer would, with keys of its own: without the issuer's certificate it cannot.
  const own = await Issuer.make([new SigningKey("one", "RS256")]);
  const wire = await stage.connectWith({ ALPNProtocols: [JOB_PROTOCOL], ...(await newMachine()) });
  await wire.sees("\n");
  const forged = tokenOf({ alg: "RS256", kid: "one" }, issuer.payload(), (one) =>
    (own.keys[0] as SigningKey).sign(one),
  );
  wire.send(`${JSON.stringify({ client: "ci", token: forged })}\n`);
  const server = connect(Number(new URL(own.url).port), "localhost");
  server.on("data", (bytes: Buffer) =>
    wire.send(`${JSON.stringify({ of: 1, received: bytes.toString("base64") })}\n`),
  );
  const line = await wire.sees(/\{"send":"[^"]*"\}\n/);
  server.write(Buffer.from(/"send":"([^"]*)"/.exec(line)?.[1] ?? "", "base64"));
  expect(await wire.rest()).toMatch(/cannot be fetched: .*certificate/);
  server.destroy();
  await own.close();
});

test("a job that changes bytes after the issuer's answer has begun does not end the gateway", async () => {
  let isLast = false;
  issuer.answers.configuration = (_request, response) => {
    response.write("{");
    // By then the gateway has the head, and waits for the rest.
    setTimeout(() => {
      isLast = true;
      response.end("}");
    }, 200);
  };
  const wire = await stage.connectWith({ ALPNProtocols: [JOB_PROTOCOL], ...(await newMachine()) });
  await wire.sees("\n");
  const server = connect(Number(new URL(issuer.url).port), "localhost");
  server.on("error", () => {});
  server.on("data", (bytes: Buffer) => {
    if (isLast) bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    wire.send(`${JSON.stringify({ of: 1, received: bytes.toString("base64") })}\n`);
  });
  wire.send(`${JSON.stringify({ client: "ci", token: issuer.token() })}\n`);
  for (let passed = 0; ; passed++) {
    const said = await wire.sees(/cannot be fetched|\n/);
    if (said.includes("cannot be fetched")) break;
    const [, bytes] = /"send":"([^"]*)"/.exec(said) ?? [];
    if (bytes !== undefined) server.write(Buffer.from(bytes, "base64"));
    expect(passed).toBeLessThan(20);
  }
  server.destroy();
  delete issuer.answers.configuration;
  expect(await exchange(stage, issuer.token())).toMatchObject({ name: "ci" });
});

test("of many jobs that show one token at once, one gets in", async () => {
  const token = issuer.token();
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, index) => exchange(stage, token, { from: `127.9.3.${index + 1}` })),
  );
  expect(answers.filter((one) => "certificate" in one)).toHaveLength(1);
  for (const one of answers.filter((one) => !("certificate" in one)))
    expect(one).toEqual(expect.objectContaining(refused(/another key has used this token/)));
});

test("while no client is for jobs, or the only one is revoked, a stranger gets no byte", async () => {
  const anna = await stage.connect();
  await call(anna, "POST", "clients/ci/revoke");
  const wire = await stage.connectWith({ ALPNProtocols: [JOB_PROTOCOL], ...(await newMachine()) });
  expect(await wire.rest()).toBe("");
  await stage.record(({ rule }) => rule === "no-jobs");
});

test.each([
  ["a line that is not JSON", "hello\n"],
  ["an endless line", "x".repeat(40_000)],
  ["bytes of an issuer first", '{"of":1,"received":"AAAA"}\n'],
  ["an invalid client name", '{"client":"../x","token":"a.b.c"}\n'],
])("%s is not a job's request", async (_what, sent) => {
  const wire = await stage.connectWith({ ALPNProtocols: [JOB_PROTOCOL], ...(await newMachine()) });
  await wire.sees("\n");
  wire.send(sent);
  expect(JSON.parse(await wire.rest())).toEqual(expect.objectContaining(refused(/not a request of a job/)));
});
