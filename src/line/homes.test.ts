import { describe, expect, test } from "vitest";
import { dockerHome, tetherdockHome } from "./homes.ts";

const linux = { env: {}, platform: "linux", home: "/home/me", cwd: "/work" };
const windows = { env: {}, platform: "win32", home: "C:\\Users\\me", cwd: "C:\\work" };

describe("tetherdockHome()", () => {
  test.each([
    [linux, "/home/me/.config/tetherdock"],
    [{ ...linux, platform: "darwin" }, "/home/me/.config/tetherdock"],
    [{ ...linux, env: { XDG_CONFIG_HOME: "/cfg" } }, "/cfg/tetherdock"],
    [{ ...linux, env: { XDG_CONFIG_HOME: "cfg" } }, "/home/me/.config/tetherdock"],
    [{ ...linux, env: { XDG_CONFIG_HOME: "" } }, "/home/me/.config/tetherdock"],
    [{ ...linux, env: { TETHERDOCK_HOME: "/t", XDG_CONFIG_HOME: "/cfg" } }, "/t"],
    [{ ...linux, env: { TETHERDOCK_HOME: "rel" } }, "/work/rel"],
    [windows, "C:\\Users\\me\\AppData\\Roaming\\tetherdock"],
    [{ ...windows, env: { APPDATA: "D:\\R" } }, "D:\\R\\tetherdock"],
  ])("%j → %s", (environment, expected) => {
    expect(tetherdockHome(environment)).toBe(expected);
  });
});

test("dockerHome() follows $DOCKER_CONFIG", () => {
  expect(dockerHome(linux)).toBe("/home/me/.docker");
  expect(dockerHome({ ...linux, env: { DOCKER_CONFIG: "/d" } })).toBe("/d");
  expect(dockerHome(windows)).toBe("C:\\Users\\me\\.docker");
});
