import { expect, test } from "vitest";
import { hostFacts } from "../../../../test/support/host-facts.ts";
import type { HostFacts, UserFileFact } from "../../../facts/index.ts";
import { checkRestart } from "./check-restart.ts";

const file = (type: string, folder: string): UserFileFact => ({ folder, name: "passwd", type, bytes: 0 });
const facts = (type: string, liveRestore = false, folder = "/d/merged/etc"): HostFacts =>
  hostFacts({}, { engine: { version: "28.5.2", liveRestore }, userFiles: [file(type, folder)] });

test("a named pipe in a container: the error names it and has the command that frees docker", () => {
  expect(() => checkRestart(facts("fifo"))).toThrow(
    expect.objectContaining({
      code: "DOCKER_WOULD_WAIT",
      why: [expect.stringContaining("/d/merged/etc/passwd")],
      hints: [expect.stringContaining("cd -P /d/merged/etc")],
    }),
  );
});

test.each([
  ["with live-restore, nothing is started again", facts("fifo", true)],
  ["a step of a build is not started again", facts("fifo", false, "/d/buildkit/executor/x/rootfs/etc")],
  ["other files do not stop dockerd", facts("regular file")],
])("%s", (_, host) => expect(checkRestart(host)).toEqual([]));
