/** Ports and networks of a new container: each bound, and a bad element behind a good one. */
import { describe, expect, test } from "vitest";
import { judgeBody } from "../judge-body.ts";
import { bodies } from "./index.ts";

/** @returns the check that refuses the body; "": none */
function checkOf(body: unknown): string {
  const judged = judgeBody(Buffer.from(JSON.stringify(body)), bodies.ContainerCreate);
  return Buffer.isBuffer(judged) ? "" : judged.check;
}
const ofHost = (HostConfig: object): string => checkOf({ HostConfig });

describe("published ports", () => {
  const ofPorts = (...ports: unknown[]): string =>
    ofHost({ PortBindings: { "80/tcp": ports.map((HostPort) => ({ HostIp: "", HostPort })) } });

  test.each([[""], ["0"], ["1024"], ["65535"], ["1024-1030"], ["8080"]])("%j is allowed", (port) => {
    expect(ofPorts(port)).toBe("");
  });

  test.each([
    ...[
      "1023",
      "1",
      "00",
      "0-1024",
      "80-8080",
      "8080-80",
      "1023-1024",
      "1024-1025-1026",
      "1024-",
      "-1024",
      "-",
    ],
    ...[" 1024", "1024 ", "+1024", "0x1000", "1e4", "1024,80", "1024.5", "x1024", "1024x", "123456", "٣٣٣٣"],
  ])("%j is refused", (port) => {
    expect(ofPorts(port)).toBe("hostPorts");
  });

  test("every binding of every port is judged", () => {
    expect(ofPorts("8080", "8081")).toBe("");
    expect(ofPorts("8080", "80")).toBe("hostPorts");
    const [good, bad] = [[{ HostPort: "8080" }], [{ HostPort: "80" }]];
    expect(ofHost({ PortBindings: { "80/tcp": good, "81/tcp": bad } })).toBe("hostPorts");
    expect(ofHost({ PortBindings: { "80/tcp": bad, "81/tcp": good } })).toBe("hostPorts");
    expect(ofHost({ PortBindings: { "": bad } })).toBe("hostPorts");
    expect(ofHost({ PortBindings: { "80/tcp": good, "81/tcp": [], "82/tcp": null, "83/tcp": [{}] } })).toBe(
      "",
    );
  });

  test("the refusal names the port of the host", () => {
    const body = { HostConfig: { PortBindings: { "8080/tcp": [{ HostPort: "80" }] } } };
    expect(judgeBody(Buffer.from(JSON.stringify(body)), bodies.ContainerCreate)).toMatchObject({
      refuse:
        'HostConfig.PortBindings[8080/tcp].HostPort is "80": publish on a port of the host from 1024 up, or let the engine choose one (-p 8080) (check hostPorts)',
    });
  });

  test.each([
    [[{ HostPort: 8080 }]],
    [[{ HostIp: null, HostPort: "8080" }]],
    [[{ HostPort: "8080", Other: "x" }]],
    [[{ HostPort: "8080", XHostPort: "80" }]],
    [[{ HostPort: "8080", HostPortX: "80" }]],
    [[{ HostPort: "8080", hostPort: "80" }]],
    [[{ HostPort: "8080" }, null]],
    [[{ HostPort: "8080" }, { HostPort: 80 }]],
    [[{ HostPort: "8080" }, "80"]],
    ["80"],
    [{ HostPort: "8080" }],
    [1],
  ])("%j are no bindings", (bindings) => {
    expect(ofHost({ PortBindings: { "79/tcp": [], "80/tcp": bindings } })).toBe("json");
    expect(ofHost({ PortBindings: [bindings] })).toBe("json");
  });
});

describe("networks", () => {
  test.each([[""], ["default"], ["bridge"], ["none"]])("%j is allowed", (NetworkMode) => {
    expect(ofHost({ NetworkMode })).toBe("");
  });

  test.each([["host"], ["container:x"], ["container:"], ["ns:/proc/1/ns/net"]])(
    "%j is refused, as the mode and as an endpoint",
    (name) => {
      expect(ofHost({ NetworkMode: name })).not.toBe("");
      const EndpointsConfig = { bridge: {}, [name]: {} };
      expect(checkOf({ NetworkingConfig: { EndpointsConfig } })).not.toBe("");
    },
  );

  test("a mode is text", () => {
    expect(ofHost({ NetworkMode: 1 })).toBe("json");
    expect(ofHost({ NetworkMode: ["host"] })).toBe("json");
  });
});
