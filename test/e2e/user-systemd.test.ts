/**
 * A real machine's own systemd renews its certificate (`renew --install`) and starts its agent (`agent install`): units of a
 * user without root. The machine is the host itself, on which the user core has joined.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";

let line: GatewayLine;
let name: string;

/** Runs a script as core. @returns what it prints, and its messages */
async function core(script: string): Promise<string> {
  const shell = "PATH=/opt/tetherdock/bin:$PATH exec sh -eus 2>&1";
  const { stdout, status } = await line.host.ssh(shell, { user: "core", input: script });
  expect(status, `${script}\n${stdout}`).toBe(0);
  return stdout;
}

beforeAll(async () => {
  line = await openGatewayLine("usersystemd", { release: "trixie" });
  name = line.host.name;
  await line.host.root("loginctl enable-linger core; docker run -d --name box tiny sleep 100000");
  const { stdout: token } = await line.laptop.tetherdock(["client", "invite", "core@vps"]);
  await core(`tetherdock join - <<'END'\n${token}END\ntetherdock context create`);
});
afterAll(() => line?.[Symbol.asyncDispose]());

const cert = () => `~/.config/tetherdock/lines/${name}/docker/cert.pem`;
const life = (ms: number) => `sed -i 's/"lifeMs": [0-9]*/"lifeMs": ${ms}/' ~/.config/tetherdock/renew.json`;
const WEEK_MS = 604_800_000;
const hasEnded = (seconds: number) => `! openssl x509 -noout -in ${cert()} -checkend ${seconds} >/dev/null`;

test("the timer's service renews an expired certificate and the docker context's copy; an admin sees it", async () => {
  const installed = await core("tetherdock renew --install");
  expect(installed).toContain("certificates from gateways are valid for 7d from now on");
  await core(`! { ${hasEnded(6 * 86_400)}; }; ${hasEnded(8 * 86_400)}`);
  const timer = await core(
    "systemctl --user is-enabled tetherdock-renew.timer; systemctl --user show -P NextElapseUSecRealtime tetherdock-renew.timer",
  );
  expect(timer).toMatch(/^enabled\n\S/);

  await core(`${life(8_000)}; tetherdock renew --force; ${life(WEEK_MS)}`);
  const ended = await core(
    `until ${hasEnded(0)}; do sleep 0.2; done; eval "$(tetherdock env)"; ! docker ps; unset DOCKER_HOST; ! docker --context ${name} ps`,
  );
  expect(ended).toContain("has expired: its engine refuses you; renew it: tetherdock renew");
  await core("systemctl --user start tetherdock-renew.service");
  const works = await core(
    `tetherdock run -- docker ps --format '{{.Names}}'; docker --context ${name} ps --format '{{.Names}}'`,
  );
  expect(works).toBe("box\nbox\n");
  const shown = await line.laptop.tetherdock(["client", "show", "core@vps"]);
  expect(shown.stdout).toMatch(/ renewed +3 times, the last at \S+; 1 after it expired, the last at /);

  expect(await core("tetherdock renew --uninstall")).toContain("removed /home/core/.config/systemd/user/");
  expect(await core("ls ~/.config/systemd/user; systemctl --user list-units --all 'tetherdock*'")).toContain(
    "\n0 loaded units",
  );
});

test("systemd starts the agent with the first client, and again after a kill -9", async () => {
  await core("tetherdock agent install");
  const isRunning = "systemctl --user is-active tetherdock-agent.service || true";
  expect(await core(isRunning)).toBe("inactive\n");
  const ps = `eval "$(tetherdock env --agent)"; docker ps --format '{{.Names}}'`;
  expect(await core(`${ps}; ${isRunning}`)).toBe("box\nactive\n");
  await core("systemctl --user kill --signal=KILL tetherdock-agent.service");
  expect(await core(`${ps}; ${isRunning}`)).toBe("box\nactive\n");
  await core("tetherdock agent uninstall");
  const left = await core(`${isRunning}; ls ~/.config/systemd/user ~/.config/tetherdock/agent`);
  expect(left).toMatch(/^inactive\n/);
  expect(left).not.toMatch(/tetherdock-agent|\.sock/);
});
