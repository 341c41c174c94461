import { expect, test } from "vitest";
import { Foreign } from "../../base/index.ts";
import { ALREADY_UNDONE, CHANGED_SINCE, LIST_LOCKED, TAKEN } from "../journal/transaction.ts";
import { stepFailure } from "./failure.ts";
import type { StepId } from "./step.ts";

const failed = (
  id: StepId,
  result: { status?: number; stderr?: string; stdout?: string },
  title = "any words",
) =>
  stepFailure({ id, title }, { status: 1, stdout: "", ...result, stderr: new Foreign(result.stderr ?? "") });

test.each([
  ["HOST_BUSY", "open", { status: TAKEN }],
  ["HOST_BUSY", "write", { status: LIST_LOCKED }],
  ["HOST_CHANGED_SINCE", "open", { status: CHANGED_SINCE, stdout: "/etc/docker/daemon.json\n" }],
  ["CONFIRM_TOO_LATE", "confirm", { status: ALREADY_UNDONE }],
  ["HOST_DISK_FULL", "write", { stderr: "cat: write error: No space left on device" }],
  ["HOST_READ_ONLY", "write", { stderr: "mkdir: cannot create directory: Read-only file system" }],
  ["GATEWAY_START_FAILED", "start-gateway", {}],
  ["GATEWAY_START_FAILED", "restart-gateway", {}],
  ["DOCKER_START_FAILED", "restart-docker", {}],
  ["HOST_STEP_FAILED", "reload-gateway", {}],
  ["HOST_STEP_FAILED", "stop-gateway", {}],
  ["HOST_STEP_FAILED", "key", {}],
  ["HOST_STEP_FAILED", "send", {}],
] as const)("%s when the step %s fails", (code, id, result) => {
  expect(failed(id, result).code).toBe(code);
});

test("the title of a step decides nothing", () => {
  expect(failed("restart-docker", {}, "start dockerd again").code).toBe("DOCKER_START_FAILED");
  expect(failed("write", {}, "restart docker").code).toBe("HOST_STEP_FAILED");
});

test("a changed file is named, and a full disk says which step needed the room", () => {
  expect(failed("open", { status: CHANGED_SINCE, stdout: "/etc/x\n" }).message).toContain("/etc/x");
  expect(failed("write", { stderr: "No space left on device" }, "write /etc/y").message).toContain(
    "write /etc/y",
  );
});

test("a service's own last messages are shown, without systemd's", () => {
  const stderr = [
    "failed to start daemon: listen tcp 0.0.0.0:2376: bind: address already in use",
    "docker.service: Scheduled restart job, restart counter is at 3.",
    "docker.service: Start request repeated too quickly.",
    "docker.service: Failed with result 'exit-code'.",
    "Failed to start docker.service - Docker Application Container Engine.",
  ].join("\n");
  expect(failed("restart-docker", { stderr }).why).toEqual([`"${stderr.split("\n")[0]}"`]);
});

test("if systemd's messages are the only ones, the last of them are shown", () => {
  const stderr = "docker.service: Failed with result 'exit-code'.\n";
  expect(failed("restart-docker", { stderr }).why).toEqual([`"${stderr.trim()}"`]);
});
