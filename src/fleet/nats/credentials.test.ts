/** Where a host reads that it is asked. */
import { expect, test } from "vitest";
import { askedAt } from "./credentials.ts";
import { askSubject } from "./names.ts";

const SUBJECT = askSubject("acme", "web.example", "0123");
const file = (nats: unknown): string => {
  const token = Buffer.from(JSON.stringify({ sub: "U", nats })).toString("base64url");
  return `-----BEGIN NATS USER JWT-----\neyJ0.${token}.c2ln\n------END NATS USER JWT------\n`;
};

test("the subject is in the token, and is that of this host", () => {
  const credentials = file({ sub: { allow: ["tetherdock.acme.list", SUBJECT, "_INBOX.acme.x.>"] } });
  expect(askedAt(credentials, "acme", "web.example")).toBe(SUBJECT);
  expect(askedAt(credentials, "acme", "web")).toBeNull();
  expect(askedAt(credentials, "other", "web.example")).toBeNull();
});

test.each([
  ["nothing", ""],
  ["no token", "-----BEGIN NATS USER JWT-----\nx\n"],
  ["a token that is no JSON", `a.${Buffer.from("{").toString("base64url")}.c\n`],
  ["no subjects", file({})],
  ["too many", file({ sub: { allow: Array.from({ length: 11 }, () => SUBJECT) } })],
])("%s is no subject", (_what, credentials) => {
  expect(askedAt(credentials, "acme", "web.example")).toBeNull();
});
