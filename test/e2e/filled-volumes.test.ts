/**
 * Volumes that the engine fills with an image's files when it creates a container: as root on the host, following links in the
 * volume. Each way to lead it out of the volume first works for an admin on the same engine.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fill, fills, LINK } from "../escapes/fills.ts";
import type { GatewayLine } from "../support/gateway/line-on-host.ts";
import { openCompany, type Person } from "../support/gateway/people.ts";
import { missingRelease, type Release } from "../support/host.ts";

const RELEASE = (process.env["ESCAPES_RELEASE"] ?? "bookworm") as Release;
const missing = await missingRelease(RELEASE);

/** Its many files take the engine seconds, and its folders z1 to z50 are among them, whichever order it copies in. */
const LARGE = `d=$(mktemp -d); printf 'FROM tiny
RUN mkdir /data; for a in $(seq 250); do mkdir /data/a$a; for n in $(seq 50); do echo x >/data/a$a/$n; done; done; for n in $(seq 50); do mkdir /data/z$n; echo root >/data/z$n/made; done
' >$d/Dockerfile; DOCKER_BUILDKIT=0 docker build -q -t large $d`;

describe.skipIf(missing !== null)(`volumes that are filled, on ${RELEASE}`, () => {
  let line: GatewayLine;
  let admin: Person;
  let dora: Person;

  beforeAll(async () => {
    ({ line, admin, dora } = await openCompany("fills", RELEASE));
    await line.host.root(LARGE);
  });
  afterAll(async () => {
    await line?.[Symbol.asyncDispose]();
  });

  /** @returns the files in the host's folder to which the links in the volume lead */
  async function writtenBy({ api }: Person, way: Fill, name: string): Promise<string> {
    await line.host.root("rm -rf /srv/target; mkdir -m 700 /srv/target");
    const post = (target: string, body?: object) =>
      api.call({ method: "POST", target, ...(body && { body }) });
    const creates = (target: string, path: string, Image: string, Cmd: readonly string[]) =>
      post(`/v1.41/containers/create?name=${target}`, {
        ...{ Image, Cmd, HostConfig: { Binds: [`${name}:${path}`] } },
      });
    await post("/v1.41/volumes/create", { Name: name });
    const link = async () => {
      await creates(`${name}-links`, "/v", "tiny", ["sh", "-c", way.links]);
      return (await post(`/v1.41/containers/${name}-links/start`)).status;
    };
    const fill = async () =>
      expect(await creates(`${name}-fills`, "/data", "large", [])).toMatchObject({ status: 201 });
    const started = await way.run({ link, fill, isFilling: () => isFilling(name) });
    expect(started, way.name).toBe(204);
    const written = await line.host.root("ls /srv/target");
    await Promise.all(
      ["links", "fills"].map((one) =>
        admin.api.call({ method: "DELETE", target: `/containers/${name}-${one}?force=1` }),
      ),
    );
    return written;
  }

  /** Resolves when the engine has begun to fill the volume. */
  async function isFilling(name: string): Promise<void> {
    const list = `ls $(docker volume inspect -f '{{.Mountpoint}}' ${name})`;
    await expect.poll(() => line.host.root(list), { interval: 20, timeout: 30_000 }).not.toBe("");
  }

  test.each(fills.map((way) => [way.name, way] as const))("%s", async (_name, way) => {
    const tries: string[] = [];
    while (tries.length < 5 && !tries.includes("made\n"))
      tries.push(await writtenBy(admin, way, `admins-${way.id}-${tries.length}`));
    expect(tries).toContain("made\n");
    expect(await writtenBy(dora, way, `doras-${way.id}`)).toBe("");
  });

  /** @returns whether the container with the links was created and started, what is written, and whether the engine was still filling */
  async function afterRestart({ api }: Person, name: string) {
    await line.host.root("rm -rf /srv/target; mkdir -m 700 /srv/target");
    const creates = (which: string, path: string, Image: string, Cmd: readonly string[]) =>
      api.call({
        method: "POST",
        target: `/v1.41/containers/create?name=${name}-${which}`,
        body: { Image, Cmd, HostConfig: { Binds: [`${name}:${path}`] } },
      });
    await api.call({ method: "POST", target: "/v1.41/volumes/create", body: { Name: name } });
    // the restart ends its connection
    const fill = creates("fills", "/data", "large", []).catch(() => null);
    await isFilling(name);
    // dockerd stands still meanwhile: the copy must not end before
    const dockerd = "$(systemctl show -P MainPID docker)";
    await line.host.root(
      `kill -STOP ${dockerd}; systemctl restart tetherdock-gateway; kill -CONT ${dockerd}`,
    );
    const made = await creates("links", "/v", "tiny", ["sh", "-c", LINK]);
    const start = await api.call({ method: "POST", target: `/containers/${name}-links/start` });
    const isStarted = made.status === 201 && start.status === 204;
    // Engine 20.10 lists it before it is made.
    const shown = `docker inspect -f shown ${name}-fills 2>/dev/null || true`;
    const isThere = async () => (await line.host.root(shown)) === "shown\n";
    const inTime = !(await isThere());
    await fill;
    await expect.poll(isThere, { timeout: 60_000 }).toBe(true);
    const written = await line.host.root("ls /srv/target");
    await line.host.root(`docker rm -f $(docker ps -aqf name=${name}-)`);
    return { isStarted, written, inTime };
  }

  test.each(["admin", "dora"] as const)("a copy from before a restart of the gateway: %s", async (who) => {
    const person = { admin, dora }[who];
    let tried = await afterRestart(person, `${who}-0`);
    for (let n = 1; n < 5 && !tried.inTime; n++) tried = await afterRestart(person, `${who}-${n}`);
    expect(tried).toEqual(
      who === "admin"
        ? { isStarted: true, written: "made\n", inTime: true }
        : { isStarted: false, written: "", inTime: true },
    );
  });

  test("the first container with a volume still gets the image's files, and the next one too", async () => {
    const docker = (words: string) => line.laptop.docker(words.split(" "), { env: dora.env });
    for (const turn of ["first", "next"])
      expect(await docker(`run --rm --name ${turn} -v plain:/data large ls /data/z1`)).toMatchObject({
        stdout: "made\n",
        stderr: "",
      });
  });
});
