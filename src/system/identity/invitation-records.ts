/**
 * What this machine keeps of clients that it approves, one file for each: `lines/NAME/invited/…` of invitations, and
 * `lines/NAME/approved/…` of keys that it has signed for.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { DAY_MS } from "../../base/index.ts";
import { parseLineName } from "../../line/index.ts";
import { makeDirectory, writeAtomically } from "../files/atomic-file.ts";
import { namesIn, readIfThere, removeIfThere, removeOldIn } from "../files/file-error.ts";

/** No invitation can be approved for this long: a day to use the token, seven to approve. */
const OLD_MS = 9 * DAY_MS;

/** A name is no file name everywhere: some file systems take Bob for bob. */
const fileOf = (client: string): string =>
  `${createHash("sha256").update(client).digest("hex").slice(0, 32)}.json`;

const FILE = /^[0-9a-f]{32}\.json$/;

function recordsIn(home: string, kind: "invited" | "approved") {
  const folderOf = (line: string): string => join(home, "lines", parseLineName(line), kind);
  return {
    read: (line: string, client: string) => readIfThere(join(folderOf(line), fileOf(client))),
    async list(line: string): Promise<string[]> {
      const texts: string[] = [];
      for (const file of (await namesIn(folderOf(line))).filter((one) => FILE.test(one))) {
        const text = await readIfThere(join(folderOf(line), file));
        if (text !== undefined) texts.push(text);
      }
      return texts;
    },
    async write(line: string, client: string, text: string | undefined): Promise<void> {
      const folder = folderOf(line);
      const path = join(folder, fileOf(client));
      if (text === undefined) await removeIfThere(path);
      else {
        await makeDirectory(folder);
        if (kind === "invited") await removeOldIn(folder, OLD_MS);
        await writeAtomically(path, text, 0o600);
      }
    },
  };
}

/** @param home tetherdock's folder, absolute */
export const createInvitationRecords = (home: string) => recordsIn(home, "invited");

/** @param home tetherdock's folder, absolute */
export const createApprovalRecords = (home: string) => recordsIn(home, "approved");
