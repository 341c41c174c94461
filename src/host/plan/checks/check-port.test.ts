import { describe, expect, test } from "vitest";
import { hostFacts, listening } from "../../../../test/support/host-facts.ts";
import { TetherdockError } from "../../../base/index.ts";
import type { ListenerFact } from "../../../facts/index.ts";
import type { DesiredState } from "../desired-state.ts";
import { checkPort } from "./check-host.ts";

/** What is thrown for 2376, or null. */
function problem(listeners: readonly ListenerFact[], commandLine: readonly string[] = []) {
  try {
    checkPort(hostFacts({}, { listeners, commandLine }), { port: 2376 } as DesiredState, []);
    return null;
  } catch (error) {
    if (error instanceof TetherdockError) return error;
    throw error;
  }
}

describe("checkPort()", () => {
  test("accepts a free port, and dockerd's own", () => {
    expect(problem(listening([22, 2377], "sshd"))).toBeNull();
    expect(problem(listening([2376], "dockerd"))).toBeNull();
  });
  test("names the process that holds the port, and suggests the next free one", () => {
    expect(problem([...listening([2376], "nginx"), ...listening([2377])])).toMatchObject({
      code: "PORT_TAKEN",
      why: ["0.0.0.0:2376 is held by nginx (pid 5)"],
      retype: [{ option: "port", port: 2378 }],
    });
  });
  test("refuses a port on which another process listens beside dockerd, or one that only has its name", () => {
    for (const command of ["nginx", "dockerd that is not the host's"])
      expect(problem([...listening([2376], "dockerd"), ...listening([2376], command)])).toMatchObject({
        code: "PORT_TAKEN",
      });
  });
  test("goes by dockerd's flags if the process cannot be seen", () => {
    const flags = (port: number) => ["dockerd", `--host=tcp://0.0.0.0:${port}`, "--tlsverify"];
    expect(problem(listening([2376]), flags(2376))).toBeNull();
    expect(problem(listening([2376]), flags(2377))).toMatchObject({ code: "PORT_TAKEN" });
  });
});
