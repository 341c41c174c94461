/** What `agent install` does on macOS, and that `uninstall` removes that and nothing else. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { installLaunchAgent, type LaunchAgentPorts, uninstallLaunchAgent } from "./launch-agent.ts";

const PLIST = "/agents/tetherdock.agent.plist";

function stage(said: string | null = null) {
  const files = new Map<string, string>();
  const ran: string[] = [];
  const ports: LaunchAgentPorts = {
    command: { program: ["/opt/node", "/opt/main.js"], variables: {} },
    ...{ folder: "/agents", log: "/home/agent.log", domain: "gui/501" },
    read: async (path) => files.get(path),
    write: async (path, text) => void files.set(path, text),
    remove: async (path) => void files.delete(path),
    run: async (words) => {
      ran.push(words.join(" "));
      return words[1] === "bootstrap" ? said : "not loaded";
    },
  };
  return { ports, files, ran };
}

test("the file is written and loaded; a second install loads it anew; uninstall leaves nothing", async () => {
  const { ports, files, ran } = stage();
  expect(await installLaunchAgent(ports)).toEqual([PLIST]);
  await installLaunchAgent(ports);
  const [out, boot] = ["launchctl bootout gui/501/tetherdock.agent", `launchctl bootstrap gui/501 ${PLIST}`];
  expect(ran).toEqual([out, boot, out, boot]);
  expect(await uninstallLaunchAgent(ports)).toEqual([PLIST]);
  expect(ran.at(-1)).toBe(out);
  expect(files.size).toBe(0);
  expect(await uninstallLaunchAgent(ports)).toEqual([]);
});

test("a file that tetherdock did not write stays, and nothing is loaded", async () => {
  const { ports, files, ran } = stage();
  files.set(PLIST, "mine");
  expect(await failureOf(installLaunchAgent(ports))).toMatchObject({ code: "AGENT_INSTALL_FAILED" });
  expect(await uninstallLaunchAgent(ports)).toEqual([]);
  expect([...files]).toEqual([[PLIST, "mine"]]);
  expect(ran).toEqual([]);
});

test("launchctl's error is reported", async () => {
  const { ports } = stage("Bootstrap failed: 5");
  expect(await failureOf(installLaunchAgent(ports))).toMatchObject({
    ...{ code: "AGENT_INSTALL_FAILED", why: ["Bootstrap failed: 5"] },
  });
});
