/** A store that is a static web server: nginx with one folder, which takes nothing. */
import { once } from "node:events";
import { statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type StoreServer, startStore } from "../support/fleet/store-server.ts";
import { makeServerCertificate } from "./fake-engine.ts";
import { fleetStage, statusOf } from "./fleet-stage.ts";
import { type GatewayStage, startGateway } from "./gateway-stage.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";
import { makeCertificates } from "./sample-line.ts";

/** Hosts ask every 8 to 12 s; the rest is for this machine, which does much else. */
const INTERVAL_MS = 12_000 + 5_000;

let laptop: LaptopStage;
let store: StoreServer;
/** No line reaches the first. */
let far: GatewayStage;
let near: GatewayStage;
const { fleet, enrol, follow, stopFollowing, cutLine } = fleetStage(() => laptop);

const publishedAt = () => statSync(join(store.folder, "fleet.json")).mtimeMs;

beforeAll(async () => {
  laptop = makeLaptopStage();
  const certificates = makeCertificates(100);
  store = await startStore(
    { ca: certificates.ca, ...makeServerCertificate(certificates) },
    "127.0.0.1",
    false,
  );
  [far, near] = await Promise.all([
    startGateway(laptop, "far", "host-far"),
    startGateway(laptop, "near", "host-near"),
  ]);
}, 60_000);

afterAll(async () => {
  stopFollowing();
  await Promise.all([far, near].map((host) => host?.stop()));
  await store?.remove();
  laptop?.remove();
});

test("a client is added and revoked within the interval on a host that no line reaches, which the command names", async () => {
  expect(await fleet("init", "acme", ...store.flags)).toMatchObject({ status: 0, stdout: "acme\n" });
  const joined = await fleet("join", "far", "near");
  expect(joined, joined.stderr).toMatchObject({ status: 0 });
  const eve = await enrol("eve");
  for (const host of [far, near]) follow(host);
  cutLine(far);

  const unconfirmed = {
    status: 1,
    stderr: expect.stringMatching(/missing on 1 of 2 hosts(.|\n)*why: far: /),
  };
  const ben = await enrol("ben", "viewer", unconfirmed);
  const [answer] = await once(eve(far, "/events"), "response");
  expect(answer.statusCode).toBe(200);
  const ended = new Promise<number>((resolve) =>
    answer.on("error", () => {}).on("close", () => resolve(Date.now())),
  );
  answer.resume();
  const revoked = await fleet("revoke", "eve");
  const since = publishedAt();
  expect(revoked).toMatchObject(unconfirmed);
  expect(await statusOf(eve(near))).toBe(403);
  expect((await ended) - since).toBeLessThan(INTERVAL_MS);
  expect([await statusOf(eve(far)), await statusOf(ben(far))]).toEqual([403, 200]);
  const methods = store.asked().map((line) => line.split(" ")[0]);
  expect(new Set(methods)).toEqual(new Set(["GET"]));
}, 120_000);
