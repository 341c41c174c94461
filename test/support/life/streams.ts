/** Pipes through containers: the end of one direction must not be the end of the other. */
import { expect, test } from "vitest";
import type { Shell } from "./shell.ts";

/** Copies its input to the end, then waits for a signal by another way. */
const ECHO = `sh -c 'mkfifo /go; echo ready; cat; echo input ended; cat /go; echo late; exit 5'`;

/** name → its preparation, and what is watched. */
const pipes: Readonly<Record<string, (name: string) => readonly [string, string]>> = {
  "docker run -i": (name) => [":", `docker run -i --name ${name} tiny ${ECHO}`],
  "docker start -ai": (name) => [`docker create -i --name ${name} tiny ${ECHO}`, `docker start -ai ${name}`],
  "docker attach": (name) => [
    `docker create -i --name ${name} tiny ${ECHO}; docker start ${name}`,
    `docker attach ${name}`,
  ],
  "docker exec -i": (name) => [
    `docker run -d --name ${name} tiny sleep 1000`,
    `docker exec -i ${name} ${ECHO}`,
  ],
};

export function streams(open: () => Shell): void {
  test.each(Object.entries(pipes))("%s: output goes on after stdin's end", async (_name, make) => {
    const shell = open();
    const name = shell.container();
    const [before, command] = make(name);
    await shell.must(before);
    await using pipe = shell.start(`exec ${command}`);
    pipe.type("first\n");
    await pipe.until(/first\n/);
    pipe.endInput();
    await pipe.until(/input ended\n/);
    // may be killed with the container, having written
    await shell.run(`docker exec ${name} sh -c 'echo said after the end >/go'`);
    expect(await pipe.ended).toMatchObject({
      status: 5,
      text: expect.stringMatching(/first\ninput ended\nsaid after the end\nlate\n$/),
    });
    await shell.must(`docker rm -f ${name}`);
  });

  test("20 MB of bytes pass both ways at once, unchanged", async () => {
    const sums = await open().must(
      "head -c 20000000 /dev/urandom >bytes; sha256sum <bytes; docker run -i --rm tiny cat <bytes | sha256sum; rm bytes",
    );
    const [sent, received] = sums.split("\n");
    expect(received).toBe(sent);
    expect(sent).toMatch(/^[0-9a-f]{64} /);
  });
}
