/** Whether the operator's folders are those of the web server: one with the wrong ones publishes where no host looks. */
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { MOST_PUBLICATION, type StoreAddress } from "../../../fleet/index.ts";
import { type FolderSettings, receiptName } from "./folder-settings.ts";
import { PUBLICATION } from "./publication-url.ts";
import { readUpTo } from "./read-up-to.ts";

/** Another operator may publish while it looks. */
const LOOKS = 2;

/**
 * @param served what the web server has; null: nothing yet @param hosts that have joined: each has a file for its receipt
 * @returns what does not fit, in words
 */
export async function misplaced(
  { urls }: StoreAddress,
  { folder, receipts }: FolderSettings,
  served: () => Promise<string | null>,
  hosts: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  let isSame = false;
  for (let look = 0; look < LOOKS && !isSame; look++) {
    const there = await served();
    isSame = there === null || there === (await readUpTo(join(folder, PUBLICATION), MOST_PUBLICATION));
  }
  if (!isSame) found.push(`${urls.join()} serves another list than the one in ${folder}`);
  if (receipts === null || hosts.length === 0) return found;
  const has = (host: string) =>
    lstat(join(receipts.folder, receiptName(receipts.secret, host))).then(
      () => true,
      () => false,
    );
  const there = await Promise.all(hosts.map(has));
  if (!there.includes(true)) found.push(`${receipts.folder} has no receipt of any host`);
  return found;
}
