/** Large amounts of data in one piece. */
import { expect, test } from "vitest";
import type { Shell } from "./shell.ts";

const MEGABYTES = 300;

export function copies(open: () => Shell): void {
  test(`docker cp of ${MEGABYTES} MB, there and back, unchanged`, async () => {
    const shell = open();
    const name = shell.container();
    const sum = async (command: string) => (await shell.must(command)).slice(0, 64);
    await shell.must(`docker run -d --name ${name} tiny sleep 1000`);
    await shell.must(
      `[ -e big ] || head -c ${MEGABYTES}000000 /dev/urandom >big; docker cp big ${name}:/big`,
    );
    const here = await sum("sha256sum big");
    expect(here).toMatch(/^[0-9a-f]{64}$/);
    expect(await sum(`docker exec ${name} sha256sum /big`)).toBe(here);
    await shell.must(`docker cp ${name}:/big back`);
    expect(await sum("sha256sum back")).toBe(here);
    await shell.must(`rm back; docker rm -f ${name}`);
  });

  test("docker cp keeps a folder's modes and links, and streams a tar", async () => {
    const shell = open();
    const name = shell.container();
    await shell.must(`docker create --name ${name} tiny true`);
    await shell.must("mkdir tree; echo text >tree/a; chmod 600 tree/a; ln -s a tree/b");
    await shell.must(`docker cp tree ${name}:/tree; rm -r tree`);
    const listed = await shell.must(`docker cp ${name}:/tree - | tar -tv`);
    expect(listed).toMatch(/^-rw------- .* tree\/a$/m);
    expect(listed).toMatch(/^lrwxrwxrwx .* tree\/b -> a$/m);
    expect((await shell.run(`docker cp ${name}:/nonesuch .`)).status).toBe(1);
  });
}
