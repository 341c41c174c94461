/** Tab in real shells on a real terminal: what is typed, and what stands on the screen. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import { type GatewayStage, startGateway } from "./gateway-stage.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";
import { makeCertificates, writeSampleLine } from "./sample-line.ts";

let stage: LaptopStage;
let gateway: GatewayStage;
beforeAll(async () => {
  stage = makeLaptopStage();
  gateway = await startGateway(stage);
  writeSampleLine(stage.home, "web-one", makeCertificates(30));
  await stage.run("tetherdock", "use", "guarded");
  await stage.run("tetherdock", "context", "create", "web-one", "--name", "shop");
});
afterAll(async () => {
  await gateway.stop();
  stage.remove();
});

const SHELLS = {
  bash: ["bash --norc", "PS1='READY> '; source <(tetherdock completion bash)"],
  zsh: ["zsh -f", "PS1='READY> '; autoload -U compinit; compinit -u; source <(tetherdock completion zsh)"],
  fish: [
    "fish --no-config",
    "function fish_prompt; echo -n 'READY> '; end; tetherdock completion fish | source",
  ],
} as const;

let opened = 0;

/** A terminal with a shell in it that knows our completions. */
class Terminal {
  readonly #tmux: (...args: string[]) => string;

  constructor(shell: string) {
    const socket = join(stage.work, `tmux-${++opened}`);
    const env = {
      PATH: `${inject("bin")}:/usr/local/bin:/usr/bin:/bin`,
      HOME: stage.work,
      TETHERDOCK_HOME: stage.home,
      DOCKER_CONFIG: stage.docker,
      LC_ALL: "C.UTF-8",
      TERM: "xterm",
    };
    this.#tmux = (...args) => execFileSync("tmux", ["-S", socket, ...args], { encoding: "utf8", env });
    writeFileSync(join(stage.work, "tmux.conf"), "");
    this.#tmux("-f", join(stage.work, "tmux.conf"), "new-session", "-d", "-x", "120", "-y", "40", shell);
    onTestFinished(() => void this.#tmux("kill-server"));
  }

  type(...keys: string[]): void {
    this.#tmux("send-keys", ...keys);
  }

  async shows(text: RegExp): Promise<void> {
    await expect.poll(() => this.#tmux("capture-pane", "-p"), { timeout: 20_000 }).toMatch(text);
  }
}

async function open(shell: keyof typeof SHELLS): Promise<Terminal> {
  const [program, setUp] = SHELLS[shell];
  const terminal = new Terminal(program);
  terminal.type("-l", setUp);
  terminal.type("Enter");
  await terminal.shows(/READY> *$/m);
  terminal.type("-l", "clear");
  terminal.type("Enter");
  await terminal.shows(/^READY> *\n*$/);
  return terminal;
}

describe.each(Object.keys(SHELLS) as (keyof typeof SHELLS)[])("%s", (shell) => {
  test.each([
    ["a command", "tetherdock topo", /tetherdock topology/],
    ["an option", "tetherdock up --dry", /tetherdock up --dry-run/],
    ["a line", "tetherdock status web", /tetherdock status web-one/],
    ["a topic", "tetherdock help getting-s", /tetherdock help getting-started/],
    ["an error code", "tetherdock help HOST_NOT", /tetherdock help HOST_NOT_PROVEN/],
    ["a context", "tetherdock context rm sh", /tetherdock context rm shop/],
    [
      "a client of the default line's gateway",
      "tetherdock client revoke anna@l",
      /client revoke anna@laptop/,
    ],
    ["a line for upgrade", "tetherdock upgrade web", /tetherdock upgrade web-one/],
    ["a line for topology", "tetherdock topology web", /tetherdock topology web-one/],
    ["a session of that gateway", "tetherdock gateway sessions --cut ", /--cut [0-9a-z]{4}/],
  ])("Tab completes %s", async (_, typed, shown) => {
    const terminal = await open(shell);
    terminal.type("-l", typed);
    terminal.type("Tab");
    await terminal.shows(shown);
  });

  test("Tab lists the choices", async () => {
    const terminal = await open(shell);
    terminal.type("-l", "tetherdock context ");
    terminal.type("Tab", "Tab");
    await terminal.shows(/create[\s\S]*refresh/);
  });
});
