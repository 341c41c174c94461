import { describe, expect, test } from "vitest";
import { imported } from "../../../../test/support/policy/imported.ts";

describe("docker-socket-proxy", () => {
  test("a reader: a .env file with comments, quotes and defaults", () => {
    const { kind, source, permitted, notes } = imported(
      "# for the dashboard\nexport CONTAINERS=1   # all of them\nINFO='1'\nPING=\"0\"\nLOG_LEVEL=debug\nPOST=0\n",
    );
    expect(kind).toBe("docker-socket-proxy");
    expect(source).toMatchObject({ extends: "discovery", name: "from-docker-socket-proxy" });
    expect(permitted).toEqual(
      expect.arrayContaining(["ContainerList", "ContainerLogs", "SystemInfo", "SystemEvents"]),
    );
    for (const name of ["SystemPing", "ImageList", "ContainerStart", "ContainerExport"])
      expect(permitted).not.toContain(name);
    expect(source.operations?.allowAsRoot).toBeUndefined();
    expect(notes).toMatch(/ContainerExport.*: left out, since nothing would check them/);
    expect(notes).not.toContain("LOG_LEVEL");
  });
  test("a manager, in a compose file: an operator, and what only admins may do is named", () => {
    const { source, permitted, notes } = imported(
      "services:\n  web: {image: nginx}\n  proxy:\n    image: tecnativa/docker-socket-proxy\n    environment: {CONTAINERS: 1, POST: 1, SWARM: 1, COLOUR: blue, TASKS: true}\n",
    );
    expect(source.extends).toBe("operator");
    expect(permitted).toEqual(expect.arrayContaining(["ContainerCreate", "ContainerStop"]));
    expect(permitted).not.toContain("ImageList");
    expect(permitted).not.toContain("TaskList");
    expect(notes).toMatch(/SwarmInit/);
    expect(notes).toMatch(/COLOUR: not a variable/);
    expect(notes).toMatch(/TASKS=true: only 0 and 1/);
  });
  test("ALLOW_RESTARTS without POST: only LinuxServer's image permits it", () => {
    const compose = (image: string) =>
      imported(
        `services:\n  p:\n    image: ${image}\n    environment:\n      - CONTAINERS=1\n      - ALLOW_RESTARTS=1\n`,
      );
    const tecnativa = compose("tecnativa/docker-socket-proxy");
    expect(tecnativa.permitted).not.toContain("ContainerRestart");
    expect(tecnativa.notes).toMatch(/ALLOW_RESTARTS=1: .*POST=1/);
    const { permitted, source } = compose("lscr.io/linuxserver/socket-proxy:latest");
    expect(permitted).toEqual(expect.arrayContaining(["ContainerStop", "ContainerRestart", "ContainerKill"]));
    for (const name of ["ContainerStart", "ContainerLogs", "ContainerChanges", "ContainerTop"])
      expect(permitted).not.toContain(name);
    expect(source.extends).toBe("operator");
  });

  test("LinuxServer's refuses logs, changes and top without a variable of their own", () => {
    const { permitted, notes } = imported("CONTAINERS=1\nALLOW_LOGS=1\nALLOW_PAUSE=1\n");
    expect(permitted).toEqual(expect.arrayContaining(["ContainerList", "ContainerLogs", "ContainerPause"]));
    for (const name of ["ContainerChanges", "ContainerTop", "ContainerUnpause", "ContainerKill"])
      expect(permitted).not.toContain(name);
    expect(notes).toMatch(/ContainerChanges: LinuxServer's proxy refuses it without ALLOW_CHANGES=1/);
  });

  test("Tecnativa's has no ALLOW_PAUSE, and none of the two has ALLOW_KILL", () => {
    const { permitted, notes } = imported(
      "services:\n  p:\n    image: tecnativa/docker-socket-proxy\n    environment: {EVENTS: 1, POST: 1, ALLOW_PAUSE: 1, ALLOW_KILL: 1}\n",
    );
    for (const name of ["ContainerPause", "ContainerKill"]) expect(permitted).not.toContain(name);
    expect(notes).toMatch(/ALLOW_PAUSE: not a variable/);
    expect(notes).toMatch(/ALLOW_KILL: not a variable/);
  });

  test("of an image that is not named, the difference is told", () => {
    expect(imported("CONTAINERS=1\n").notes).toMatch(/the image is not named: .*ALLOW_LOGS=1/);
    expect(imported("EVENTS=1\nINFO=1\n").notes).not.toMatch(/is not named/);
  });
});
