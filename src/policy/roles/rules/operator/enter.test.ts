import { expect, test } from "vitest";
import { findOperation } from "../../../../engine/index.ts";
import type { Asking, FoundContainer, Labels } from "../../../asking.ts";
import { OWNER_LABEL } from "../../../body/model/index.ts";
import { startAny } from "./enter.ts";

const ME = "a".repeat(64);
const ID = "1".repeat(64);
const mine = { [OWNER_LABEL]: ME };

const call = findOperation("POST", "/containers/web/start") ?? expect.fail("not an operation");

/** @returns what the judge says, and the containers that the engine was asked about */
async function start(
  labels: Labels,
  volumeLabels: Labels | null,
  imageLabels: Labels | null = {},
  published = 128,
) {
  const container: FoundContainer = { id: ID, image: "sha256:1", labels, volumes: ["data"], published };
  const asked: string[] = [];
  const engine: Partial<Asking["engine"]> = {
    inspectContainer: async (ref) => {
      asked.push(ref);
      return container;
    },
    inspectImage: async () => imageLabels,
    inspectVolume: async () => volumeLabels,
    hasHalfMadeContainerWith: async () => false,
    fills: { begin: () => true, whenEnded: async () => {}, end: () => {}, isBegun: () => false },
  };
  const verdict = await startAny([])(Buffer.alloc(0), call, new Map(), { owner: ME, engine } as Asking);
  return { verdict, asked };
}

const started = { body: Buffer.alloc(0), target: `/containers/${ID}/start` };

test("an operator starts anybody's container, whoever has its volumes", async () => {
  expect((await start({ [OWNER_LABEL]: "b".repeat(64) }, null, null)).verdict).toEqual(started);
});

test("what an operator has created publishes 128 ports at most: Docker runs two processes on the host for each", async () => {
  expect((await start(mine, mine, {}, 129)).verdict).toMatchObject({ check: "hostPorts" });
  expect((await start({}, {}, {}, 129)).verdict).toEqual(started);
});

test("what an operator has created is judged as a deployer's", async () => {
  expect((await start(mine, mine)).verdict).toEqual({ ...started, notStarted: expect.any(Function) });
  expect((await start(mine, {})).verdict).toMatchObject({
    check: "owner",
    refuse: expect.stringContaining("data is not yours"),
  });
  expect((await start(mine, mine, { "io.tetherdock.owner": "" })).verdict).toMatchObject(started);
  expect((await start(mine, mine, mine)).verdict).toMatchObject({
    check: "owner",
    refuse: expect.stringContaining("its image also"),
  });
  expect((await start(mine, mine, null)).verdict).toMatchObject({
    check: "owner",
    refuse: expect.stringContaining("image is gone"),
  });
});

test("the engine is asked about the container once", async () => {
  expect((await start(mine, mine)).asked).toEqual(["web"]);
});
