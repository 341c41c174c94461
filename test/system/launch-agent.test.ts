/** launchd's property list, read by Python's plistlib, which reads what macOS does. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { agentPropertyList } from "../../src/app/agent-units/launch-agent.ts";
import { launchAgent } from "../../src/app/renew/timer-files.ts";

const READ =
  "import json, plistlib, sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read(), fmt=plistlib.FMT_XML)))";

test("renew --install on macOS: arguments and variables arrive as they are, whatever is in them", () => {
  const program = ["/Users/anna/a & b/node", '/opt/<x>/"main".js', "it's ü"];
  const variables = { TETHERDOCK_HOME: "/Users/anna/]]> & co" };
  const read = execFileSync("python3", ["-c", READ], {
    input: launchAgent({ program, variables }),
    encoding: "utf8",
  });
  expect(JSON.parse(read)).toEqual({
    Label: "tetherdock.renew",
    ProgramArguments: [...program, "renew", "--all"],
    EnvironmentVariables: variables,
    StartInterval: 21_600,
    RunAtLoad: true,
  });
});

test("agent install on macOS: it runs from login on, and again only after a crash", () => {
  const program = ["/opt/<x>/node", "/opt/main.js"];
  const log = "/Users/anna/a & b/agent.log";
  const input = agentPropertyList({ program, variables: { TETHERDOCK_HOME: "/Users/anna/a & b" } }, log);
  expect(JSON.parse(execFileSync("python3", ["-c", READ], { input, encoding: "utf8" }))).toEqual({
    Label: "tetherdock.agent",
    ProgramArguments: [...program, "agent", "run"],
    EnvironmentVariables: { TETHERDOCK_HOME: "/Users/anna/a & b" },
    RunAtLoad: true,
    KeepAlive: { Crashed: true },
    StandardErrorPath: log,
  });
});
