/** A deployer's day with compose v2 and the unmodified docker CLI: services, a volume and a network of their own. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GatewayLine } from "../support/gateway/line-on-host.ts";
import { enrol, openCompany, outputOf, type Person } from "../support/gateway/people.ts";
import { dockerOf, missingRelease, type Release } from "../support/host.ts";

const RELEASE = (process.env["ESCAPES_RELEASE"] ?? "trixie") as Release;
const APP = `
services:
  db:
    image: tiny
    command: ["sh", "-c", "date > /data/started; exec sleep 1000"]
    volumes: ["data:/data"]
    networks: [back]
    restart: unless-stopped
    stop_signal: SIGKILL
    healthcheck: { test: ["CMD", "test", "-e", "/data/started"], interval: 1s }
  web:
    image: tiny
    command: ["sh", "-c", "echo web is up; exec sleep 1000"]
    depends_on: { db: { condition: service_healthy } }
    networks: { back: { aliases: [site] }, front: {} }
    ports: ["8080"]
    mem_limit: 64m
    stop_signal: SIGKILL
volumes: { data: {} }
networks: { back: { internal: true }, front: {} }
`;

const missing = await missingRelease(RELEASE);

describe.skipIf(missing !== null)(
  `compose on ${RELEASE}${missing === null ? "" : `: SKIPPED, ${missing}`}`,
  () => {
    let line: GatewayLine;
    let admin: Person;
    let dora: Person;
    let dan: Person;
    let docker: string;

    beforeAll(async () => {
      ({ line, admin, dora, dan } = await openCompany("compose", RELEASE));
      docker = await dockerOf(RELEASE);
    });
    afterAll(async () => {
      await line?.[Symbol.asyncDispose]();
    });

    const run = (who: Pick<Person, "env">, words: string, folder = line.laptop.folder) =>
      line.laptop.bash(`cd ${folder}; ${docker} ${words}`, { env: who.env });
    const ok = (who: Person, words: string, folder?: string): Promise<string> =>
      outputOf(run(who, words, folder), `docker ${words}`);
    /** A folder with a compose file. @param project its name */
    async function project(name: string, app = APP): Promise<string> {
      const folder = join(line.laptop.folder, name);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "compose.yaml"), app);
      return folder;
    }
    const names = async (path: string): Promise<string[]> => {
      const found = await admin.api.json<{ Volumes?: { Name: string }[] } & { Name: string }[]>("GET", path);
      return (found.Volumes ?? found).map(({ Name }) => Name).toSorted();
    };

    test("up, ps, logs, exec, run, up again, stop, start and down -v: two services, a volume and two networks", async () => {
      const folder = await project("shop");
      const compose = (words: string) => ok(dora, `compose --ansi never ${words}`, folder);
      await compose("up -d");
      expect((await compose("ps --format '{{.Service}}={{.Health}}'")).trim().split("\n")).toEqual([
        "db=healthy",
        "web=",
      ]);
      expect(await compose("logs web")).toContain("web is up");
      expect(await compose("exec -T db cat /data/started")).toMatch(/\d/);
      // names and aliases of the network work
      for (const name of ["db", "site"]) await compose(`exec -T web ping -c 1 -w 5 ${name}`);
      expect(await compose("run --rm -T db ls /data")).toBe("started\n");
      expect(await ok(dora, "volume ls -q")).toBe("shop_data\n");
      expect((await ok(dora, "network ls --format {{.Name}}")).trim().split("\n").toSorted()).toEqual([
        "shop_back",
        "shop_front",
      ]);
      expect(await names("/volumes")).toContain("shop_data");
      const again = await run(dora, "compose --ansi never up -d", folder);
      expect(again.stderr).toContain("Running");
      expect(again.stderr).not.toContain("Recreate");
      await compose("stop");
      await compose("start");
      await compose("restart -t 0 web");
      await compose("down -v -t 0");
      expect(await names("/volumes")).toEqual([]);
      expect(await names("/networks")).toEqual(["bridge", "host", "none"]);
    });

    test("another client's project of the same name is invisible, and its names are taken", async () => {
      const folder = await project("shop");
      await ok(dan, "compose --ansi never up -d", folder);
      expect(await ok(dora, "compose ls -a -q")).toBe("");
      expect(await ok(dora, "volume ls -q")).toBe("");
      const up = await run(dora, "compose --ansi never up -d", folder);
      expect(up.status).not.toBe(0);
      expect(up.stderr).toMatch(/network with name shop_(?:back|front) already exists/);
      for (const [words, message] of [
        ["volume create shop_data", "the volume name shop_data is taken"],
        ["volume inspect shop_data", "No such volume: shop_data"],
        ["volume rm shop_data", "No such volume: shop_data"],
        ["run --rm -v shop_data:/data tiny cat /data/started", "the volume name shop_data is taken"],
        ["run --rm --network shop_back tiny true", "you have no network shop_back"],
        ["network inspect shop_back", "No such network: shop_back"],
        ["network rm shop_back", "No such network: shop_back"],
      ] as const) {
        const { status, stderr } = await run(dora, words);
        expect(status, words).not.toBe(0);
        expect(stderr).toContain(message);
        expect(stderr).not.toContain("io.tetherdock.owner");
      }
      await ok(dora, "volume prune -af");
      await ok(dora, "network prune -f");
      expect(await names("/volumes")).toEqual(["shop_data"]);
      await ok(dan, "compose --ansi never down -v -t 0", folder);
      expect(await names("/volumes")).toEqual([]);
    });

    test("a host path in a compose file is refused with what to write instead", async () => {
      const folder = await project("evil", "services: { web: { image: tiny, volumes: ['/:/host'] } }");
      const { status, stderr } = await run(dora, "compose --ansi never up -d", folder);
      expect(status).not.toBe(0);
      expect(stderr).toMatch(/host paths are root on the host; use a volume/);
    });

    test("volumes and networks by the docker CLI", async () => {
      await ok(dora, "volume create --label a=b cache");
      await ok(dora, "run --rm -v cache:/c tiny touch /c/kept");
      expect(await ok(dora, "run --rm --mount type=volume,src=cache,dst=/c,readonly tiny ls /c")).toBe(
        "kept\n",
      );
      expect(await ok(dora, "volume inspect -f {{.Labels.a}} cache")).toBe("b\n");
      await ok(dora, "network create inner");
      await ok(dora, "run -d --name one --network inner --network-alias uno tiny sleep 1000");
      await ok(dora, "run -d --name two tiny sleep 1000");
      await ok(dora, "network connect --alias dos inner two");
      await ok(dora, "exec two ping -c 1 -w 5 uno");
      await ok(dora, "exec one ping -c 1 -w 5 dos");
      await ok(dora, "network disconnect inner two");
      expect(await ok(dora, "network inspect -f '{{len .Containers}}' inner")).toBe("1\n");
      await ok(dora, "rm -f one two");
      expect(await ok(dora, "network prune -f")).toContain("inner");
      expect(await ok(dora, "volume prune -af")).toContain("cache");
    });

    test("a role file's binds work with compose's short and long syntax; a path in the folder does not", async () => {
      await line.host.root("mkdir -p /srv/shop; echo here >/srv/shop/file");
      const file = join(line.laptop.folder, "shop-team.yaml");
      await writeFile(file, "{version: 1, name: shop-team, extends: deployer, binds: [{path: /srv/shop}]}");
      await outputOf(line.laptop.tetherdock(["policy", "apply", file]), "policy apply");
      const sara = { env: (await enrol(line, "sara@desk", "shop-team")).env };
      const up = async (mount: object | string) => {
        const services = { app: { image: "tiny", command: ["cat", "/data/file"], volumes: [mount] } };
        const folder = await project("binds", JSON.stringify({ services }));
        return run(sara, "compose --ansi never up", folder);
      };
      const long = { type: "bind", source: "/srv/shop", target: "/data" };
      for (const mount of ["/srv/shop:/data", "/srv/shop:/data:ro", long, { ...long, read_only: true }])
        expect(await up(mount)).toMatchObject({ status: 0, stdout: expect.stringContaining("here") });
      for (const mount of ["/srv/shop/file:/data/file", { ...long, source: "/srv" }])
        expect((await up(mount)).stderr).toContain("the role may bind exactly these");
    });
  },
);
