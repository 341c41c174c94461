import { expect, test } from "vitest";
import { findOperation } from "../../../../engine/index.ts";
import { compileRole, decide } from "../../../index.ts";

const deployer = compileRole({ name: "deployer", options: {} });

function shown(target: string, answer: unknown): unknown {
  const decision = decide(deployer, findOperation("GET", target));
  return decision.allow === true ? decision.answer?.mark.show(answer) : expect.fail("not allowed");
}

test("images and the engine do not reveal other people's containers", () => {
  const counts = { Containers: 3, ContainersRunning: 2, ContainersPaused: 0, ContainersStopped: 1 };
  expect(shown("/info", { ...counts, NCPU: 2 })).toEqual({ NCPU: 2 });
  const Manifests = [{ ID: "m", ImageData: { Containers: ["theirs"], Size: {} } }, { ID: "n" }];
  const seen = [{ ID: "m", ImageData: { Size: {} } }, { ID: "n" }];
  expect(shown("/images/json?manifests=1", [{ Id: "i", Containers: 1, Manifests }])).toEqual([
    { Id: "i", Manifests: seen },
  ]);
  expect(shown("/images/i/json", { Id: "i", Container: "theirs", Manifests })).toEqual({
    Id: "i",
    Manifests: seen,
  });
});

test("null in the place of what would reveal containers stays null", () => {
  expect(shown("/images/i/json", { Id: "i", Manifests: null })).toEqual({ Id: "i", Manifests: null });
  expect(shown("/images/json", [{ Id: "i", Manifests: [{ ID: "m", ImageData: null }, null] }])).toMatchObject(
    [{ Id: "i", Manifests: [{ ID: "m", ImageData: null }, null] }],
  );
  expect(shown("/images/json", null)).toBeNull();
});
