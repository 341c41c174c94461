/**
 * Files that the engine walks on the host: `docker diff` names what a container has changed, by paths and as root. A container that
 * exchanges a folder for a link meanwhile leads it to any folder of the host. That first works for an admin on the same engine.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GatewayLine } from "../support/gateway/line-on-host.ts";
import { openCompany, type Person } from "../support/gateway/people.ts";
import { missingRelease, type Release } from "../support/host.ts";

const RELEASE = (process.env["ESCAPES_RELEASE"] ?? "bookworm") as Release;
const missing = await missingRelease(RELEASE);

/** `exchange` has the host's perl: a shell has no call that exchanges two names at once (renameat2 is 316 on x86-64). */
const EXCHANGE = `d=$(mktemp -d); cd $d; mkdir root; printf 'FROM tiny
COPY root /
' >Dockerfile
for file in /usr/bin/perl $(ldd /usr/bin/perl | grep -o '/[^ ]*'); do mkdir -p root\${file%/*}; cp -L $file root\${file%/*}; done
DOCKER_BUILDKIT=0 docker build -q -t exchange .
mkdir -m 700 /srv/private; touch /srv/private/names-of-others`;
const LOOP = `($x, $y) = ("/x", "/y"); mkdir $x; symlink "/srv/private", $y; syscall 316, -100, $x, -100, $y, 2 while 1`;

describe.skipIf(missing !== null || process.arch !== "x64")(`files that are walked, on ${RELEASE}`, () => {
  let line: GatewayLine;
  let admin: Person;
  let dora: Person;

  beforeAll(async () => {
    ({ line, admin, dora } = await openCompany("walks", RELEASE));
    await line.host.root(EXCHANGE);
  });
  afterAll(async () => {
    await line?.[Symbol.asyncDispose]();
  });

  async function startedBy({ api }: Person, name: string): Promise<void> {
    const body = { Image: "exchange", Cmd: ["perl", "-e", LOOP] };
    await api.json("POST", `/containers/create?name=${name}`, body);
    expect(await api.call({ method: "POST", target: `/containers/${name}/start` })).toMatchObject({
      status: 204,
    });
  }

  const changes = async ({ api }: Person, name: string) =>
    api.call({ method: "GET", target: `/containers/${name}/changes` });

  test("the changes of a container that exchanges a folder for a link", async () => {
    await startedBy(admin, "admins");
    await expect
      .poll(async () => (await changes(admin, "admins")).body, { interval: 0, timeout: 120_000 })
      .toContain("names-of-others");
    await startedBy(dora, "doras");
    const refused = await changes(dora, "doras");
    expect(refused.status).toBe(403);
    expect(refused.body).toContain("follows links");
  });
});
