/** What `agent install` writes, and that `uninstall` removes that and nothing else. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { type AgentUnitPorts, installAgent, isActivated, isAsleep, uninstallAgent } from "./agent-units.ts";

const [SOCKET, SERVICE] = ["/units/tetherdock-agent.socket", "/units/tetherdock-agent.service"] as const;

function stage(said: string | null = null) {
  const files = new Map<string, string>();
  const ran: string[] = [];
  const ports: AgentUnitPorts = {
    command: { program: ["/opt/a b/node", "/opt/main.js"], variables: { TETHERDOCK_HOME: "/home/50%$x" } },
    folder: "/units",
    read: async (path) => files.get(path),
    write: async (path, text) => void files.set(path, text),
    remove: async (path) => void files.delete(path),
    run: async (words) => {
      ran.push(words.slice(2).join(" "));
      return said;
    },
  };
  const install = () => installAgent(ports, ["web", "db"], (name) => `/home/50%/${name}.sock`);
  return { ports, files, ran, install };
}

test("systemd listens on each line's socket, in the order in which the service names the lines", async () => {
  const { files, ran, install } = stage();
  expect(await install()).toEqual([SOCKET, SERVICE]);
  expect(files.get(SOCKET)).toContain(
    "[Socket]\nListenStream=/home/50%%/web.sock\nListenStream=/home/50%%/db.sock\nSocketMode=0600\n",
  );
  expect(files.get(SERVICE)).toContain(
    [
      '[Service]\nExecStart="/opt/a b/node" "/opt/main.js" "agent" "run" "web" "db"',
      'Environment="TETHERDOCK_HOME=/home/50%%$x"\n',
    ].join("\n"),
  );
  expect(files.get(SERVICE)).toContain("\nExecReload=/bin/kill -HUP $MAINPID\n");
  expect(ran.at(-1)).toBe("enable --now tetherdock-agent.socket");
});

test("a second run is accepted, and uninstall removes both files", async () => {
  const { ports, files, ran, install } = stage();
  await install();
  await install();
  expect(await uninstallAgent(ports)).toEqual([SOCKET, SERVICE]);
  expect(files.size).toBe(0);
  expect(ran).toContain("disable --now tetherdock-agent.socket tetherdock-agent.service");
  expect(await uninstallAgent(ports)).toEqual([]);
});

test("a unit that tetherdock did not write is neither replaced nor removed", async () => {
  const { ports, files, install } = stage();
  files.set(SERVICE, "mine");
  expect(await failureOf(install())).toMatchObject({ code: "AGENT_INSTALL_FAILED" });
  expect([...files]).toEqual([[SERVICE, "mine"]]);
  expect(await uninstallAgent(ports)).toEqual([]);
  expect(files.get(SERVICE)).toBe("mine");
});

test("without this user's systemd nothing is written, and its error is reported", async () => {
  const { files, install } = stage("Failed to connect to bus");
  expect(await failureOf(install())).toMatchObject({
    code: "AGENT_INSTALL_FAILED",
    why: ["Failed to connect to bus"],
  });
  expect(files.size).toBe(0);
});

test("an agent sleeps while systemd listens and the service does not run", async () => {
  const { ports, install } = stage();
  const path = "/home/50%/web.sock";
  expect(await isActivated(ports, path)).toBe(false);
  await install();
  const active = (...units: string[]) => ({
    ...ports,
    run: async (words: readonly string[]) => (units.includes(words.at(-1) ?? "") ? null : "inactive"),
  });
  expect(await isActivated(ports, path)).toBe(true);
  expect(await isActivated(ports, "/home/other.sock")).toBe(false);
  expect(await isAsleep(active("tetherdock-agent.socket"), path)).toBe(true);
  expect(await isAsleep(active("tetherdock-agent.socket", "tetherdock-agent.service"), path)).toBe(false);
  expect(await isAsleep(active(), path)).toBe(false);
});
