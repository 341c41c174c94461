import { expect, test } from "vitest";
import { readDockerHost } from "./docker-host.ts";

const tcp = (host: string, port: number) => ({ kind: "tcp", host, endpoint: { host, port } });

test.each([
  ["tcp://203.0.113.7:2376", tcp("203.0.113.7", 2376)],
  ["tcp://vps.example:2375/", tcp("vps.example", 2375)],
  ["https://vps.example:2376/v1.41", tcp("vps.example", 2376)],
  ["http://[2001:db8::7]:2375", tcp("2001:db8::7", 2375)],
  ["tcp://[2001:DB8:0::7]:2376", tcp("2001:db8::7", 2376)],
  ["tcp://vps.example", { kind: "tcp", host: "vps.example", endpoint: null }],
  ["tcp://[2001:db8::7]", { kind: "tcp", host: "2001:db8::7", endpoint: null }],
  ["unix:///var/run/docker.sock", { kind: "local" }],
  ["ssh://core@vps.example:2222", { kind: "ssh", text: "ssh://core@vps.example:2222" }],
  ["vps.example:2376", null],
  ["core@vps.example", null],
  ["web", null],
])("%s", (text, expected) => {
  expect(readDockerHost(text)).toEqual(expected);
});

test.each([
  ["tcp://vps.example:0", "ENDPOINT_INVALID"],
  ["tcp://", "ENDPOINT_INVALID"],
  ["tcp://user@vps.example:2376", "ENDPOINT_INVALID"],
  ["npipe:////./pipe/docker_engine", "USAGE"],
  ["fd://", "USAGE"],
])("%s is refused: %s", (text, code) => {
  expect(() => readDockerHost(text)).toThrow(expect.objectContaining({ code }));
});

test("a scheme that leads to no engine: the error says what doctor can inspect, and what a named pipe is", () => {
  const hints = ["tetherdock doctor user@host", "tetherdock doctor 203.0.113.7:2376"];
  const message = (scheme: string) => `doctor cannot inspect ${scheme}://`;
  expect(() => readDockerHost("npipe://x")).toThrow(
    expect.objectContaining({ message: message("npipe"), why: ["it is a named pipe of Windows"], hints }),
  );
  expect(() => readDockerHost("fd://")).toThrow(
    expect.objectContaining({ message: message("fd"), why: [], hints }),
  );
});

test.each(["x/tcp://192.0.2.7:2376", "root@ssh://host", ":tcp://host", "1tcp://host", "TCP://host"])(
  "not a scheme unless it is lower case and at the start: %s",
  (text) => {
    expect(readDockerHost(text)).toBeNull();
  },
);
