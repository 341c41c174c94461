import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NO_JOBS } from "../../../identity/index.ts";
import { invitationFile } from "./invitation-file.ts";
import { jobFile } from "./job-file.ts";
import { renewalFiles } from "./renewal-files.ts";

const KEY = "a".repeat(64);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kept-"));
});
afterEach(() => rm(folder, { recursive: true }));

const read = {
  "invitations.json": (clients: string) => invitationFile(clients).read(),
  "oidc.json": (clients: string) => jobFile(clients).read(),
  [`renewals/${KEY}.json`]: (clients: string) => renewalFiles(clients).read(KEY),
};
const nothing = { "invitations.json": [], "oidc.json": NO_JOBS, [`renewals/${KEY}.json`]: null };

test.each(Object.entries(read))(
  "%s: no file is nothing, and a damaged one an error",
  async (name, readFrom) => {
    const clients = join(folder, "clients.json");
    expect(await readFrom(clients)).toEqual(nothing[name as keyof typeof nothing]);
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '{"version":1');
    await expect(readFrom(clients)).rejects.toMatchObject({
      code: "GATEWAY_CLIENTS_BROKEN",
      message: expect.stringContaining(path),
      hints: [expect.stringContaining(`rm ${path}   # `)],
    });
  },
);
