import { describe, expect, test } from "vitest";
import { splitSections } from "../sections.ts";
import { parseListeners } from "./parse-listeners.ts";

const M = "facts-x";
type Part = readonly [heading: string, text: string];
const parse = (...parts: Part[]) =>
  parseListeners(
    splitSections(`${parts.map(([name, text]) => `\n${M} ${name}\n${text}`).join("")}\n${M} end\n`, M),
  );

describe("parseListeners()", () => {
  const sockets: Part[] = [
    [
      "tcp",
      "00000000:0947 11\n0100007F:0016 12\n00000000000000000000000000000000:0948 13\n00000000000000000000000001000000:0050 14\n",
    ],
    ["unix", "15 /run/docker.sock\n"],
    ["held", "42 11\n1 13\n42 13\n1 15\n42 15\n42 15\n"],
    ["process 1", "systemd \n0::/init.scope\n"],
    ["process 42", "dockerd \n9:name=systemd:/\n0::/system.slice/docker.service\n"],
  ];
  test("with addresses in the usual notation", () => {
    expect(parse(...sockets).map(({ address }) => address)).toEqual([
      "0.0.0.0:2375",
      "127.0.0.1:22",
      "[::]:2376",
      "[::1]:80",
      "/run/docker.sock",
    ]);
  });
  test("with their processes, each once, and the unit from the cgroup", () => {
    const listeners = parse(...sockets);
    const dockerd = { pid: 42, command: "dockerd", unit: "docker.service" };
    expect(listeners[0]?.holders).toEqual([dockerd]);
    expect(listeners[1]?.holders).toEqual([]);
    expect(listeners[4]?.holders).toEqual([{ pid: 1, command: "systemd", unit: "init.scope" }, dockerd]);
  });
  test("with units of cgroup v1, and scopes below a slice", () => {
    const held: Part = ["held", "7 11\n"];
    const listeners = parse(["tcp", "00000000:0947 11\n"], held, [
      "process 7",
      "node \n12:cpu:/\n1:name=systemd:/system.slice/docker-ab12.scope\n0::/\n",
    ]);
    expect(listeners[0]?.holders[0]?.unit).toBe("docker-ab12.scope");
  });
});
