/** A role of one's own on a real engine: applied from a file, given to a client, and refusing what exceeds its limit. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";
import { enrol, outputOf } from "../support/gateway/people.ts";

const ROLE = `version: 1
name: web-team
extends: deployer
operations:
  deny: [ContainerExec]
limits:
  images:
    allow: [tiny]
`;

let line: GatewayLine;

beforeAll(async () => {
  line = await openGatewayLine("rolefiles");
});
afterAll(async () => {
  await line?.[Symbol.asyncDispose]();
});

const tetherdock = (...args: string[]): Promise<string> =>
  outputOf(line.laptop.tetherdock(args), args.join(" "));

test("a limit refuses with the change that helps, warns when it is told to, and the role survives a restart", async () => {
  const file = join(line.laptop.folder, "web-team.yaml");
  const apply = async (text: string) => {
    await writeFile(file, text);
    return tetherdock("policy", "apply", file);
  };
  expect(await apply(ROLE)).toBe("web-team: new\n");
  const { env } = await enrol(line, "dora@desk", "web-team");
  const docker = (...args: string[]) => line.laptop.docker(args, { env });
  await line.host.root("docker tag tiny other");

  const refused =
    'the role web-team may not call ContainerCreate: Image is "other": use an image from tiny (limit images)';
  const explained = await line.laptop.tetherdock([
    ...["policy", "explain", "--role", file, "--", "docker", "run", "other", "true"],
  ]);
  expect(explained).toMatchObject({ status: 1, stdout: expect.stringContaining(`${refused}\n`) });
  expect(await docker("run", "other", "true")).toMatchObject({
    status: 125,
    stderr: expect.stringContaining(refused),
  });
  expect(await docker("run", "--name", "web", "tiny", "echo", "hi")).toMatchObject({
    status: 0,
    stdout: "hi\n",
  });
  expect(await docker("exec", "web", "true")).toMatchObject({
    stderr: expect.stringContaining("may not call ContainerExec: its role file denies it"),
  });

  expect(await apply(ROLE.replace("allow: [tiny]", "allow: [tiny]\n    mode: warn"))).toBe(
    "web-team: changed\n",
  );
  expect(await docker("run", "other", "echo", "hi")).toMatchObject({
    status: 0,
    stdout: "hi\n",
    stderr: expect.stringContaining(
      'tetherdock: the role web-team: Image is "other": use an image from tiny',
    ),
  });
  expect(await tetherdock("audit", "--client", "dora@desk", "--json")).toContain(
    "deployer-create warn:images",
  );

  await apply(ROLE);
  await line.host.root("systemctl restart tetherdock-gateway.service");
  expect(await docker("run", "other", "true")).toMatchObject({
    status: 125,
    stderr: expect.stringContaining(refused),
  });
});
