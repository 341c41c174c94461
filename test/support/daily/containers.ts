/** Containers: run, inspected, with input. */
import { expect } from "vitest";
import { dragUntil } from "../follow-size.ts";
import { type Row, until } from "./row.ts";

const PROMPT = /\/ # \S*$/;

export const containers: readonly Row[] = [
  {
    what: "run, inspect, top, rename, restart, wait, rm; exit statuses",
    run: async (shell) => {
      const name = shell.container();
      expect((await shell.run("docker run --rm tiny sh -c 'exit 42'")).status).toBe(42);
      expect((await shell.run("docker run --rm tiny nonesuch")).status).toBe(127);
      await shell.must(`docker run -d --name ${name} tiny sleep 1234`);
      expect(await shell.must(`docker top ${name}`)).toContain("sleep 1234");
      await shell.must(`docker rename ${name} ${name}-new; docker restart -t 0 ${name}-new`);
      expect(await shell.must(`docker inspect -f '{{.State.Status}}' ${name}-new`)).toBe("running");
      await shell.must(`docker kill ${name}-new`);
      expect(await shell.must(`docker wait ${name}-new; docker rm ${name}-new`)).toMatch(/^137\n/);
    },
  },
  {
    what: "`exec -it`: the terminal's size follows",
    run: async (shell) => {
      const name = shell.container();
      await shell.must(`docker run -d --name ${name} tiny sleep 1000`);
      await using terminal = shell.terminal(`tty; exec docker exec -it ${name} sh`);
      await terminal.until(PROMPT);
      const device = /\/dev\/pts\/\d+/.exec(terminal.text)?.[0] ?? "";
      const sized = (size: string, word: number) =>
        `until [ "$(stty size)" = "${size}" ]; do usleep 20000; done; echo sized $((${word}+2))\n`;
      terminal.type(sized("24 100", 30));
      await terminal.until(/sized 32\r\n/);
      terminal.type(sized("40 132", 40));
      await dragUntil(terminal, device, /sized 42\r\n/);
      terminal.type("exit 9\n");
      expect((await terminal.ended).status).toBe(9);
      await shell.must(`docker rm -f ${name}`);
    },
  },
  {
    what: "`attach`: output goes on after the input's end",
    run: async (shell) => {
      const name = shell.container();
      await shell.must(
        `docker create -i --name ${name} tiny sh -c 'mkfifo /go; echo ready; cat; echo ended; cat /go; exit 5'; docker start ${name}`,
      );
      await using pipe = shell.start(`exec docker attach ${name}`);
      pipe.type("first\n");
      await pipe.until(/first\n/);
      pipe.endInput();
      await pipe.until(/ended\n/);
      await shell.run(`docker exec ${name} sh -c 'echo late >/go'`); // may be killed with the container, having written
      expect(await pipe.ended).toMatchObject({ status: 5, text: expect.stringMatching(/ended\nlate\n$/) });
      await shell.must(`docker rm -f ${name}`);
    },
  },
  {
    what: "`logs -f` follows to the end",
    run: async (shell) => {
      const name = shell.container();
      await shell.must(`docker run -d --name ${name} tiny sh -c 'mkfifo /say; echo ready; cat /say'`);
      await using logs = shell.start(`exec docker logs -f ${name}`);
      await logs.until(/^ready\n/);
      await shell.run(`docker exec ${name} sh -c 'echo later >/say'`); // may be killed with the container, having written
      expect(await logs.ended).toMatchObject({ status: 0, text: "ready\nlater\n" });
      await shell.must(`docker rm -f ${name}`);
    },
  },
  {
    what: "`events` as they happen",
    run: async (shell) => {
      const name = shell.container();
      const since = Math.floor(Date.now() / 1000); // nothing is missed, however late the engine gets the watcher's request
      await using events = shell.start(
        `exec docker events --since ${since} --filter container=${name} --format '{{.Action}}'`,
      );
      await shell.must(`docker create --name ${name} tiny true`);
      await events.until(/^create\n/);
      await shell.must(`docker rm ${name}`);
      await events.until(/^destroy\n/m);
    },
  },
  {
    what: "`stats`, once and as a stream",
    run: async (shell) => {
      const name = shell.container();
      await shell.must(`docker run -d --name ${name} tiny sleep 1000`);
      expect(await shell.must(`docker stats --no-stream --format '{{.Name}}' ${name}`)).toBe(name);
      await using stats = shell.start(`exec docker stats --format '{{.Name}};' ${name}`);
      await stats.until(new RegExp(`${name};[^]*${name};`));
      await shell.must(`docker rm -f ${name}`);
    },
  },
  {
    what: "a published port, reached from the laptop",
    run: async (shell) => {
      const name = shell.container();
      const port = shell.port();
      await shell.must(
        `docker run -d --name ${name} -p ${port}:80 tiny sh -c 'echo page >/tmp/index.html; exec httpd -f -p 80 -h /tmp'`,
      );
      expect(await shell.must(until(`curl -fsS --max-time 5 http://${shell.host.ip}:${port}/`))).toContain(
        "page",
      );
      expect(await shell.must(`docker port ${name} 80/tcp`)).toContain(`0.0.0.0:${port}`);
      await shell.must(`docker rm -f ${name}`);
    },
  },
];
