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
const two = join(work, "two");
for (const name of ["a", "b"]) writeSampleLine(two, name, makeCertificates(30));
const none = join(work, "none");
afterAll(() => rmSync(work, { recursive: true }));

const PRINT = 'printf "%s\\n" "$DOCKER_HOST" "$DOCKER_TLS_VERIFY" "$DOCKER_CERT_PATH" "[$DOCKER_CONTEXT]"';
const EXPECTED = ["tcp://[2001:db8::7]:2376", "1", join(home, "lines/vps/docker"), "[]", ""].join("\n");

interface RealShell {
  readonly path: string;
  readonly language: string;
  readonly set: string;
  readonly unset: string;
  readonly broken: string;
  /** The same line of `env` again, only if the command before it succeeded. */
  readonly and: string;
}

const posix = (path: string, language: string): RealShell => ({
  path,
  language,
  set: `eval "$(tetherdock env --shell ${language})"`,
  unset: `eval "$(tetherdock env --shell ${language} --unset)"`,
  broken: `eval "$(tetherdock env --shell ${language} typo)"`,
  and: "&&",
});

const shells: RealShell[] = [
  posix("/bin/bash", "bash"),
  posix("/bin/dash", "sh"),
  posix("/usr/bin/zsh", "zsh"),
  posix("/usr/bin/mksh", "sh"),
  {
    path: "/usr/bin/fish",
    language: "fish",
    set: "tetherdock env --shell fish | source",
    unset: "tetherdock env --shell fish --unset | source",
    broken: "tetherdock env --shell fish typo | source",
    and: "; and",
  },
];

const VARIABLES = "env | grep ^DOCKER_ | cat";

function runIn(shell: RealShell, script: string, extra: Record<string, string> = {}) {
  const env = {
    PATH: `${inject("bin")}:/usr/bin:/bin`,
    HOME: work,
    TETHERDOCK_HOME: home,
    DOCKER_CONTEXT: "other",
    LC_ALL: "C.UTF-8",
    ...extra,
  };
  return spawnSync(shell.path, ["-c", script], { env, encoding: "utf8" });
}

function evaluate(shell: RealShell, script: string): string {
  const ran = runIn(shell, script);
  expect(ran.stderr).toBe("");
  expect(ran.status).toBe(0);
  return ran.stdout;
}

describe.each(shells)("$path", (shell) => {
  test("sets the values exactly, also for child processes", () => {
    expect(evaluate(shell, `${shell.set}; ${PRINT}`)).toBe(EXPECTED);
    expect(evaluate(shell, `${shell.set}; sh -c '${PRINT}'`)).toBe(EXPECTED);
  });

  test("--unset removes the variables", () => {
    const left = evaluate(shell, `${shell.set}; ${shell.unset}; env | grep ^DOCKER_ | cat`);
    expect(left).toBe("");
  });

  test("a failing env unsets the selected engine, and stops an && chain", () => {
    const ran = runIn(shell, `${shell.set}; ${shell.broken} ${shell.and} echo went on; ${VARIABLES}`);
    expect(ran.stdout).toBe("");
    expect(ran.stderr).toContain('there is no line "typo"');
  });

  test.each([
    ["several lines, and none is named", { TETHERDOCK_HOME: two }, "there are several lines"],
    ["no line", { TETHERDOCK_HOME: none }, "no line is set up"],
    ["a wrong option", {}, "there is no option --typo"],
  ])("%s: no engine stays selected", (what, extra, says) => {
    const failing = what === "a wrong option" ? shell.set.replace("env", "env --typo") : shell.set;
    const ran = runIn(shell, `${failing} ${shell.and} echo went on; ${VARIABLES}`, {
      DOCKER_HOST: "tcp://old:2375",
      ...extra,
    });
    expect(ran.stdout).toBe("");
    expect(ran.stderr).toContain(says);
  });

  test.each([none, two])(
    "--if-any with nothing to select (%#): no output, exit status 0, no change",
    (folder) => {
      const quiet = shell.set.replace("env", "env --if-any");
      const ran = runIn(shell, `${quiet} ${shell.and} echo went on; ${VARIABLES}`, {
        TETHERDOCK_HOME: folder,
      });
      expect(ran).toMatchObject({ stdout: "went on\nDOCKER_CONTEXT=other\n", stderr: "", status: 0 });
    },
  );

  test("unsetting an unset variable is no error", () => {
    expect(evaluate(shell, `${shell.unset}; echo on`)).toBe("on\n");
  });
});

test("on a terminal the hint goes to stderr, and stdout does not change", () => {
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
