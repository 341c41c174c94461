/** Both versions of Compose: docker-compose of 2020 in Python, and today's plugin. */
import { expect } from "vitest";
import { cloneApp } from "../life/builds.ts";
import type { Shell } from "../life/shell.ts";
import { type Column, isOld, lacksPlugin, type Row, until } from "./row.ts";

const NO_PLUGIN = "Debian 12 has no compose plugin";

/** up, ps, logs, exec, cp if available, down: the same commands for both. */
async function day(shell: Shell, column: Column, compose: string): Promise<void> {
  const app = await cloneApp(shell);
  const port = shell.port();
  const run = (words: string) => shell.must(`cd ${app}; export PORT=${port}; ${compose} ${words}`);
  await run("up -d --build");
  expect(await run("ps -q")).toMatch(/^[0-9a-f]{64}/);
  expect(await run("exec -T web cat /www/index.html")).toContain("built for compose");
  await shell.must(
    `cd ${app}; export PORT=${port}; ${until(`${compose} logs job | grep 'the job is done'`)}`,
  );
  await shell.must(until(`curl -fsS --max-time 5 http://${shell.host.ip}:${port}/`));
  if (!isOld(column)) {
    await run("cp web:/www/index.html copied");
    expect(await shell.must(`cat ${app}/copied`)).toContain("built for compose");
  }
  await run("down -t 0 -v --rmi local");
  expect(await shell.must(`docker ps -aq --filter label=com.docker.compose.project=${app}`)).toBe("");
}

export const composes: readonly Row[] = [
  {
    what: "compose v1 (`docker-compose` 1.29): up, ps, exec, logs, down",
    run: async (shell, column) => {
      if (!isOld(column)) return "compose v1 ended in 2023; Debian 12 is the last release that has it";
      expect(await shell.must("docker-compose version --short")).toMatch(/^1\./);
      await day(shell, column, "docker-compose --no-ansi");
      return;
    },
  },
  {
    what: "compose v2 (`docker compose`): up, ps, exec, logs, cp, down",
    run: async (shell, column) => {
      if (isOld(column)) return lacksPlugin(shell, "compose", NO_PLUGIN);
      await day(shell, column, "docker compose --ansi never");
      // compose#12679: 2.37 to 2.39 lost TLS where they build by bake; 2.40 does not, and earlier ones ignore this.
      const app = await cloneApp(shell);
      for (const bake of [true, false])
        await shell.must(`cd ${app}; export PORT=1; COMPOSE_BAKE=${bake} docker compose build`);
      return;
    },
  },
  {
    what: "`docker compose up --watch`: a saved file is in the container",
    run: async (shell, column) => {
      if (isOld(column)) return lacksPlugin(shell, "compose", NO_PLUGIN);
      const name = shell.container();
      await shell.must(`mkdir -p ${name}/web; cd ${name}; echo one >web/page
        printf 'FROM tiny\\nCOPY web /web\\nSTOPSIGNAL SIGKILL\\nCMD ["sleep","1000"]\\n' >Dockerfile
        cat >compose.yaml <<'END'
services:
  web:
    build: .
    develop:
      watch:
        - { action: sync, path: ./web, target: /web }
END`);
      await using watching = shell.start(`cd ${name}; exec docker compose --ansi never up --build --watch`);
      await watching.until(/[Ww]atch enabled|watching \[/i, { withinMs: 60_000 });
      // Saved again if it is not seen: the first save may come before the watch is set up. Not at once, since compose copies
      // only when nothing was saved for half a second.
      const seen = `[ "$(docker compose exec -T web cat /web/page)" = two ]`;
      const waits = `for look in $(seq 20); do ! ${seen} || break; sleep 0.1; done; ${seen}`;
      await shell.must(`cd ${name}; ${until(`echo two >web/page; ${waits}`)}`);
      await shell.must(`cd ${name}; docker compose down -t 0 --rmi local`);
      return;
    },
  },
];
