/** Containers that run on the host while the laptop follows them. */
import { expect, test } from "vitest";
import type { Shell } from "./shell.ts";

/** Prints "ready", then the first line that somebody writes into /say; then it ends. */
const LISTENER = `sh -c 'mkfifo /say; echo ready; cat /say; echo bye; exit 4'`;

export function containers(open: () => Shell): void {
  test("logs -f follows, and ends with the container", async () => {
    const shell = open();
    const name = shell.container();
    await shell.must(`docker run -d --name ${name} tiny ${LISTENER}`);
    await using logs = shell.start(`exec docker logs -f ${name}`);
    const ready = await logs.until(/^ready\n/);
    await shell.run(`docker exec ${name} sh -c 'echo later >/say'`); // may be killed with the container, having written
    await logs.until(/^later\nbye\n$/, { from: ready });
    expect(await logs.ended).toMatchObject({ status: 0, text: "ready\nlater\nbye\n" });
    expect(await shell.must(`docker wait ${name}`)).toBe("4");
  });

  test("events arrive while they happen", async () => {
    const shell = open();
    const name = shell.container();
    // since: from then on nothing is missed, however late the daemon gets the watcher's request
    await using events = shell.start(
      `exec docker events --since ${Math.floor(Date.now() / 1000)} --filter container=${name} --format '{{.Action}}'`,
    );
    await shell.must(`docker create --name ${name} tiny sleep 1000`);
    await events.until(/^create\n/);
    await shell.must(`docker start ${name}`);
    await events.until(/^start\n/m);
    await shell.must(`docker rm -f ${name}`);
    await events.until(/^kill\ndie\n(?:.*\n)*destroy\n/m);
    events.kill("SIGINT");
    const { status, signal } = await events.ended;
    expect(status === 130 || signal === "SIGINT", `status ${status}, signal ${signal}`).toBe(true);
  });

  test("top, restart and rename of a running one", async () => {
    const shell = open();
    const name = shell.container();
    await shell.must(`docker run -d --name ${name} tiny sleep 1234`);
    expect(await shell.must(`docker top ${name}`)).toContain("sleep 1234");
    await shell.must(`docker restart -t 0 ${name}`);
    await shell.must(`docker rename ${name} ${name}-new`);
    expect(await shell.must("docker ps --format '{{.Names}}'")).toContain(`${name}-new`);
    await shell.must(`docker rm -f ${name}-new`);
  });

  test("save and load move an image through the laptop", async () => {
    const shell = open();
    const name = shell.container();
    await shell.must(`docker tag tiny ${name}:moved; docker save -o ${name}.tar ${name}:moved`);
    await shell.must(`docker rmi ${name}:moved`);
    expect(await shell.must(`docker load -i ${name}.tar`)).toBe(`Loaded image: ${name}:moved`);
    await shell.must(`docker run --rm ${name}:moved true; rm ${name}.tar`);
  });
}
