/**
 * A docker client's configuration for one recorded command: with the user's plugins, and without contexts, builders, logins
 * and whatever else leads to real engines and registries.
 */
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { json } from "../../base/index.ts";
import { readIfThere } from "../files/file-error.ts";

const MOST_FOLDERS = 100;

/** Where clients also look for plugins, such as Homebrew's. */
const readFolders = json.openObject({
  cliPluginsExtraDirs: {
    read: json.list(json.words(4096), MOST_FOLDERS),
    optional: { value: [] as readonly string[] },
  },
});

/** @param users the docker CLI's folder @returns the new folder's path @throws FILE_FAILED */
export async function makeClientFolder(parent: string, users: string): Promise<string> {
  const folder = join(parent, "client");
  const text = await readIfThere(join(users, "config.json"));
  const read = json.read(text ?? "{}", readFolders);
  const cliPluginsExtraDirs = "value" in read ? read.value.cliPluginsExtraDirs : [];
  await mkdir(folder, { mode: 0o700 });
  await writeFile(join(folder, "config.json"), JSON.stringify({ cliPluginsExtraDirs }), { mode: 0o600 });
  await symlink(join(users, "cli-plugins"), join(folder, "cli-plugins"));
  return folder;
}
