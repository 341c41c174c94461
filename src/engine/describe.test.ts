import { expect, test } from "vitest";
import { describeObservation } from "./describe.ts";
import type { Observation } from "./probe/observation.ts";

const answered = (status: number, body: string, more: object = {}): Observation =>
  ({ kind: "answered", answer: { status, body, ...more } }) as Observation;

test.each([
  [
    "a dockerd with TLS, asked in plain HTTP",
    answered(400, "Client sent an HTTP request to an HTTPS server.\n"),
    "refused with HTTP 400: it listens with TLS",
  ],
  [
    "another server that answers 400",
    answered(400, "Bad Request"),
    "something other than Docker answers HTTP 400 in the clear",
  ],
  [
    "a gateway that refuses",
    {
      ...answered(403, "", { server: "tetherdock" }),
      tls: { version: "TLSv1.3", cipher: "", alpn: null },
    } as unknown as Observation,
    "a tetherdock gateway answers HTTP 403 over TLS 1.3",
  ],
  [
    "an open engine",
    answered(200, "OK", { server: "Docker/26.1.5 (linux)", apiVersion: "1.45" }),
    "Docker 26.1.5, API 1.45 answers in the clear",
  ],
])("%s", (_, seen, says) => {
  expect(describeObservation(seen)).toBe(says);
});
