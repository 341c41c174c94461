/** What `renew --install` writes, and that `--uninstall` leaves everything as it was. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { DAY_MS } from "../../base/index.ts";
import { installTimer, uninstallTimer } from "./timer.ts";
import { cronLines, launchAgent, serviceUnit, withCron, withoutCron } from "./timer-files.ts";
import {
  formatSettings,
  parseSettings,
  type RenewSettings,
  type TimerKind,
  type TimerPorts,
} from "./timer-ports.ts";

const COMMAND = {
  program: ["/opt/a b/node", "/opt/main.js"],
  variables: { TETHERDOCK_HOME: "/home/anna/50%$x" },
};

function stage(kind: TimerKind | null) {
  const files = new Map<string, string>();
  const state = {
    settings: null as RenewSettings | null,
    crontab: "",
    ran: [] as string[],
    said: null as string | null,
  };
  const ports: TimerPorts = {
    kind: async () => kind,
    command: COMMAND,
    folders: { systemd: "/units", launchd: "/agents" },
    domain: "gui/501",
    settings: {
      read: async () => state.settings,
      write: async (settings) => void Object.assign(state, { settings }),
      remove: async () => void Object.assign(state, { settings: null }),
    },
    read: async (path) => files.get(path),
    write: async (path, text) => void files.set(path, text),
    remove: async (path) => void files.delete(path),
    crontab: async () => state.crontab,
    setCrontab: async (crontab) => void Object.assign(state, { crontab }),
    run: async (words) => {
      state.ran.push(words.join(" "));
      return words.includes("bootout") ? "not loaded" : state.said;
    },
  };
  return { ports, files, state };
}

test("systemd gets two units, which are enabled; uninstall disables and removes them", async () => {
  const { ports, files, state } = stage("systemd");
  await installTimer(ports, 7 * DAY_MS);
  expect([...files.keys()]).toEqual(["/units/tetherdock-renew.service", "/units/tetherdock-renew.timer"]);
  expect(state.ran).toEqual([
    "systemctl --user daemon-reload",
    "systemctl --user enable --now tetherdock-renew.timer",
  ]);
  const [before, ...first] = [new Map(files), state.settings];
  await installTimer(ports, 7 * DAY_MS);
  expect([files, state.settings], "a second run changes nothing").toEqual([before, ...first]);
  const removed = [...files.keys()];
  expect(await uninstallTimer(ports)).toEqual({ removed, left: [] });
  expect([files.size, state.settings]).toEqual([0, null]);
  expect(state.ran).toContain("systemctl --user disable --now tetherdock-renew.timer");
  expect(await uninstallTimer(ports)).toBeNull();
});

test("launchd gets an agent", async () => {
  const { ports, files, state } = stage("launchd");
  await installTimer(ports, DAY_MS);
  expect([...files.keys()]).toEqual(["/agents/tetherdock.renew.plist"]);
  expect(state.ran.at(-1)).toBe("launchctl bootstrap gui/501 /agents/tetherdock.renew.plist");
  await uninstallTimer(ports);
  expect(files.size).toBe(0);
});

test.each(["", "# mine\n0 1 * * * backup\n", "0 1 * * * backup"])(
  "cron: the crontab %j is as before",
  async (crontab) => {
    const { ports, state } = stage("cron");
    state.crontab = crontab;
    await installTimer(ports, DAY_MS);
    await installTimer(ports, DAY_MS);
    expect(state.crontab.match(/renew --all/g)).toHaveLength(1);
    expect(state.crontab.startsWith(crontab)).toBe(true);
    await uninstallTimer(ports);
    expect(state.crontab.trimEnd()).toBe(crontab.trimEnd());
  },
);

test("somebody else's unit is not replaced, and one that was changed since stays", async () => {
  const foreign = stage("systemd");
  foreign.files.set("/units/tetherdock-renew.timer", "mine");
  expect(await failureOf(installTimer(foreign.ports, DAY_MS))).toMatchObject({ code: "RENEW_TIMER_FAILED" });
  expect([foreign.files.size, foreign.state.settings]).toEqual([1, null]);
  const changed = stage("systemd");
  await installTimer(changed.ports, DAY_MS);
  changed.files.set("/units/tetherdock-renew.timer", "mine");
  expect(await uninstallTimer(changed.ports)).toMatchObject({ left: ["/units/tetherdock-renew.timer"] });
  expect([...changed.files.values()]).toEqual(["mine"]);
});

test("systemd's error is reported; uninstall then removes what was written", async () => {
  const { ports, files, state } = stage("systemd");
  state.said = "Failed to connect to bus";
  const error = await failureOf(installTimer(ports, DAY_MS));
  expect(error).toMatchObject({ code: "RENEW_TIMER_FAILED", why: ["Failed to connect to bus"] });
  await uninstallTimer(ports);
  expect([files.size, state.settings]).toEqual([0, null]);
  expect(await failureOf(installTimer(stage(null).ports, DAY_MS))).toMatchObject({
    code: "RENEW_TIMER_FAILED",
  });
});

test("paths are quoted as each of the three reads them", () => {
  expect(serviceUnit(COMMAND)).toContain('ExecStart="/opt/a b/node" "/opt/main.js" "renew" "--all"\n');
  expect(serviceUnit(COMMAND)).toContain('Environment="TETHERDOCK_HOME=/home/anna/50%%$x"\n');
  expect(serviceUnit({ ...COMMAND, program: ['/a$b%"\\'] })).toContain('ExecStart="/a$$b%%\\"\\\\" ');
  expect(cronLines(COMMAND)).toContain(
    "env 'TETHERDOCK_HOME=/home/anna/50\\%$x' '/opt/a b/node' /opt/main.js renew --all",
  );
  expect(launchAgent({ ...COMMAND, program: ["/a&b<c>"] })).toContain("<string>/a&amp;b&lt;c&gt;</string>");
});

test("a crontab in which only our first line is left loses that", () => {
  const added = cronLines(COMMAND);
  expect(withoutCron(withCron("a\n", added))).toBe("a\n");
  expect(withoutCron(added.split("\n")[0] ?? "")).toBe("");
});

test("settings are read as they were written", () => {
  const settings: RenewSettings = { kind: "cron", lifeMs: DAY_MS, files: [{ path: "/a", text: "b" }] };
  expect(parseSettings(formatSettings(settings))).toEqual({ value: settings });
  expect(parseSettings("{}")).toHaveProperty("problems");
});
