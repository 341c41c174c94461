/** What is printed for CI services: in their own syntax. That jobs get in by it is in test/e2e/join.test.ts. */
import { expect, test } from "vitest";
import { parse } from "yaml";
import { ISSUER_NAMES } from "../../identity/index.ts";
import { jobSnippets } from "./job-snippets.ts";

const added = (issuer: string, claims: Readonly<Record<string, string>>) => ({
  endpoint: { host: "vps.example", port: 2376 },
  pin: "ab".repeat(32),
  trust: { ...{ name: "ci", issuer, claims, audience: "it's: mine" }, lifeMs: 600_000, ca: null },
});
const parts = (issuer: string, claims = {}) =>
  jobSnippets(added(issuer, { repository: "org/app", ...claims }))
    .join("\n")
    .split(/^# /m)
    .slice(1)
    .map((part) => [part.split(":")[0], part.slice(part.indexOf("\n"))] as const);

test("GitHub: the job may ask for a token, and its keys are those of a job", () => {
  const [[name, text] = [], ...more] = parts(ISSUER_NAMES["github"] ?? "", { environment: "on: prod" });
  expect([name, more]).toEqual(["GitHub Actions", []]);
  const job = parse(text ?? "");
  expect(job).toEqual({
    permissions: { "id-token": "write", contents: "read" },
    environment: "on: prod",
    steps: [{ run: expect.stringContaining(`--audience 'it'\\''s: mine'\n`) }],
  });
});

test("GitLab: the token is for the audience, and the job's environment is the claim's", () => {
  const [[name, text] = [], ...more] = parts(ISSUER_NAMES["gitlab"] ?? "", { environment: "on: prod" });
  expect([name, more]).toEqual(["GitLab", []]);
  expect(parse(text ?? "").deploy).toMatchObject({
    environment: "on: prod",
    id_tokens: { TETHERDOCK_ID_TOKEN: { aud: "it's: mine" } },
    script: [expect.stringMatching(/^tetherdock ci-login vps/), 'eval "$(tetherdock env)"', "docker ps"],
  });
});

test("another issuer: Forgejo's jobs ask for a token in Forgejo's way, and have no environment", () => {
  const found = new Map(parts("https://git.example/api/actions", { environment: "prod" }));
  expect([...found.keys()]).toEqual([
    "GitLab",
    "Forgejo Actions",
    "GitHub Enterprise Server",
    "anything else",
  ]);
  expect(parse(found.get("Forgejo Actions") ?? "")).toEqual({
    "enable-openid-connect": true,
    steps: [{ run: expect.stringContaining("ci-login") }],
  });
});
