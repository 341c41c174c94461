/** `tetherdock env` evaluated by real shells, in a home no quoting rule is prepared for. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, inject, test } from "vitest";
import { makeCertificates, writeSampleLine } from "./sample-line.ts";

const work = mkdtempSync(join(tmpdir(), "tetherdock-shells-"));
const home = join(work, 'it\'s a "home" with $HOME `id` \\n * ? ~ ! # & ; | é [x] {a,b} ’');
writeSampleLine(home, "vps", makeCertificates(30), { address: "2001:db8::7" });
afterAll(() => rmSync(work, { recursive: true }));

const PRINT = 'printf "%s\\n" "$DOCKER_HOST" "$DOCKER_TLS_VERIFY" "$DOCKER_CERT_PATH" "[$DOCKER_CONTEXT]"';
const EXPECTED = ["tcp://[2001:db8::7]:2376", "1", join(home, "lines/vps/docker"), "[]", ""].join("\n");

interface RealShell {
  readonly path: string;
  readonly language: string;
  readonly set: string;
  readonly unset: string;
}

const posix = (path: string, language: string): RealShell => ({
  path,
  language,
  set: `eval "$(tetherdock env --shell ${language})"`,
  unset: `eval "$(tetherdock env --shell ${language} --unset)"`,
});

const shells: RealShell[] = [
  posix("/bin/bash", "bash"),
  posix("/bin/dash", "sh"),
  posix("/usr/bin/zsh", "zsh"),
  {
    path: "/usr/bin/fish",
    language: "fish",
    set: "tetherdock env --shell fish | source",
    unset: "tetherdock env --shell fish --unset | source",
  },
];

function evaluate(shell: RealShell, script: string): string {
  const env = {
    PATH: `${inject("bin")}:/usr/bin:/bin`,
    HOME: work,
    TETHERDOCK_HOME: home,
    DOCKER_CONTEXT: "other",
    LC_ALL: "C.UTF-8",
  };
  const ran = spawnSync(shell.path, ["-c", script], { env, encoding: "utf8" });
  expect(ran.stderr).toBe("");
  expect(ran.status).toBe(0);
  return ran.stdout;
}

describe.each(shells)("$path", (shell) => {
  test("takes the values over unharmed, for its children too", () => {
    expect(evaluate(shell, `${shell.set}; ${PRINT}`)).toBe(EXPECTED);
    expect(evaluate(shell, `${shell.set}; sh -c '${PRINT}'`)).toBe(EXPECTED);
  });

  test("--unset removes them again", () => {
    const left = evaluate(shell, `${shell.set}; ${shell.unset}; env | grep ^DOCKER_ | cat`);
    expect(left).toBe("");
  });

  test("removing what is not set is no error", () => {
    expect(evaluate(shell, `${shell.unset}; echo on`)).toBe("on\n");
  });
});

test("on a terminal the hint goes to stderr, and stdout is the same", () => {
  const env = {
    PATH: `${inject("bin")}:/usr/bin:/bin`,
    HOME: work,
    TETHERDOCK_HOME: home,
    SHELL: "/bin/bash",
  };
  // script(1) gives a terminal; only stdout goes to it.
  const ran = spawnSync("script", ["-qec", "tetherdock env 2>hint", "/dev/null"], {
    cwd: work,
    env,
    encoding: "utf8",
  });
  expect(ran.status).toBe(0);
  expect(ran.stdout.replaceAll("\r", "")).toMatch(
    /^export DOCKER_HOST=[^\n]*\nexport [^\n]*\nexport [^\n]*\n$/,
  );
  const hint = spawnSync("cat", [join(work, "hint")], { encoding: "utf8" }).stdout;
  expect(hint).toBe('\nto let it take effect: eval "$(tetherdock env)"\n');
});
