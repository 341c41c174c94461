import { expect, test } from "vitest";
import { askRole } from "../../../../../../test/support/policy/ask-role.ts";
import { ME, OTHER } from "../../../../../../test/support/policy/engine.ts";
import { OWNER_LABEL } from "../../../../body/model/index.ts";
import { compileRole, defaultRole } from "../../../../index.ts";

const { shown, why } = askRole(compileRole(defaultRole("deployer")));
const of = (owner: string, name: string) => ({ Name: name, Labels: { [OWNER_LABEL]: owner } });

test("docker system df shows the images and the client's own containers and volumes", async () => {
  const image = { Id: "i", Size: 9 };
  const answer = {
    ...{ LayersSize: 9, BuilderSize: 7, Images: [{ ...image, Containers: 3 }] },
    ...{ Containers: [of(ME, "web"), of(OTHER, "db")], Volumes: [of(OTHER, "theirs"), of(ME, "data")] },
    ...{ BuildCache: [{ ID: "theirs" }], ContainerUsage: { TotalCount: 2 }, NewField: 1 },
  };
  const own = { Containers: [of(ME, "web")], Volumes: [of(ME, "data")], BuildCache: [] };
  const expected = { LayersSize: 9, Images: [image], ...own };
  for (const target of ["GET /system/df", "GET /v1.41/system/df?type=volume", "GET /v1.51/system/df"])
    expect(await shown(target, answer)).toEqual(expected);
  const lists = { ...answer, Containers: [[of(ME, "web"), of(OTHER, "db")]] };
  expect(await shown("GET /v1.25/system/df", lists)).toEqual(expected);
});

test("an empty or unexpected answer shows nothing", async () => {
  const nothing = { Images: [], Containers: [], Volumes: [], BuildCache: [] };
  expect(await shown("GET /system/df", { Images: [], Containers: null, Volumes: {} })).toEqual(nothing);
  expect(await shown("GET /system/df", { Images: [], LayersSize: { a: 1 } })).toEqual(nothing);
});

test.each(["GET /v1.52/system/df", "GET /v1.56/system/df?type=image"])(
  "%s: the engine would send sums over everybody's things",
  async (line) => {
    expect(await why(line)).toMatch(/set DOCKER_API_VERSION=1\.51 \(check sums\)$/);
  },
);
