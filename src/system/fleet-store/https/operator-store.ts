/** A fleet's store behind any web server, for the operator: writes one file, and reads receipts that the server has written. */
import { chmod, rm, writeFile } from "node:fs/promises";
import { Agent } from "node:https";
import { join } from "node:path";
import { SECOND_MS } from "../../../base/index.ts";
import {
  type HostReceipt,
  MOST_PUBLICATION,
  MOST_RECEIPT,
  type OperatedStore,
  type OperatorStore,
  readReceipt,
  type StoreAddress,
  storeFailure,
} from "../../../fleet/index.ts";
import { createWhole, makeDirectory, writeAtomically } from "../../files/atomic-file.ts";
import { errorCodeOf } from "../../files/file-error.ts";
import { pause } from "../../fleet-process/pause.ts";
import { askInFolder, type Receipts, receiptUrl } from "./ask.ts";
import { fetchText } from "./fetch-text.ts";
import { readFolderSettings, receiptName } from "./folder-settings.ts";
import { misplaced } from "./misplaced.ts";
import { HOSTS, PROPOSAL, PUBLICATION, publicationUrl } from "./publication-url.ts";
import { answerName, questionName } from "./question-files.ts";
import { readUpTo } from "./read-up-to.ts";

/** The web server writes receipts into a folder: looking costs little. */
const LOOK_MS = SECOND_MS / 2;
async function receiptIn({ folder, secret }: Receipts, host: string): Promise<HostReceipt | null> {
  const text = await readUpTo(join(folder, receiptName(secret, host)), MOST_RECEIPT);
  const read = text === null ? null : readReceipt(text, host);
  return read && "value" in read ? read.value : null;
}

async function* watch(
  place: Receipts,
  hosts: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<readonly HostReceipt[]> {
  const seen = new Map<string, string>();
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    const found: HostReceipt[] = [];
    for (const host of hosts) {
      const receipt = await receiptIn(place, host);
      const text = JSON.stringify(receipt);
      if (receipt && seen.get(host) !== text) found.push(receipt);
      seen.set(host, text);
    }
    if (isFirst || found.length > 0) yield found;
    await pause(LOOK_MS, signal);
  }
}

const failure = (address: StoreAddress, what: string) => (error: Error) => {
  throw storeFailure(what, address, error.message, { cause: error });
};

/** Where the web server reads it. */
async function serve<T>(
  address: StoreAddress,
  folder: string,
  name: string,
  text: string,
  write: (path: string, text: string, mode: number) => Promise<T>,
): Promise<T> {
  const path = join(folder, name);
  await makeDirectory(folder, 0o755);
  const written = await write(path, text, 0o644);
  if (written === false) return written;
  // The umask may have kept the web server out.
  await chmod(path, 0o644).catch(failure(address, `cannot let the web server read ${path}`));
  return written;
}

/** For messages. */
const CALLED = {
  [PUBLICATION]: "published list",
  [HOSTS]: "published hosts",
  [PROPOSAL]: "change that waits",
} as const;

/** @returns what the web server serves; null: it has no such file */
async function served(
  address: StoreAddress,
  agent: Agent,
  name: keyof typeof CALLED,
): Promise<string | null> {
  const what = `cannot read the ${CALLED[name]}`;
  const url = publicationUrl(address, name);
  const asked = { method: "GET", url, ca: address.ca, agent, most: MOST_PUBLICATION } as const;
  const { status, text } = await fetchText(asked).catch(failure(address, what));
  if (status === 404) return null;
  if (status === 200) return text;
  throw storeFailure(what, address, `it answers with status ${status}`);
}

export function openFolderStore(store: OperatedStore): OperatorStore {
  const { address } = store;
  const settings = readFolderSettings(store);
  const { folder, receipts } = settings;
  const agent = new Agent();
  return {
    async publish(text, _version, hosts) {
      await serve(address, folder, PUBLICATION, text, writeAtomically);
      if (hosts !== undefined) await serve(address, folder, HOSTS, hosts, writeAtomically);
    },
    published: () => served(address, agent, PUBLICATION),
    publishedHosts: () => served(address, agent, HOSTS),
    async propose(text) {
      if (text !== null) return serve(address, folder, PROPOSAL, text, writeAtomically);
      const path = join(folder, PROPOSAL);
      await rm(path, { force: true }).catch(failure(address, `cannot remove ${path}`));
    },
    proposed: () => served(address, agent, PROPOSAL),
    receipts: (hosts, signal) => (receipts === null ? null : watch(receipts, hosts, signal)),
    ask:
      receipts &&
      ((host, question, ms) => {
        const create = (name: string, text: string) => serve(address, folder, name, text, createWhole);
        return askInFolder({ address, folder, receipts }, create, { host, question, ms });
      }),
    admit: async (host) => {
      if (receipts === null) return null;
      // The web server writes over files that are there, and makes none: strangers could fill its disk.
      const path = join(receipts.folder, receiptName(receipts.secret, host));
      await makeDirectory(receipts.folder, 0o755);
      // One that is there may be the web server's own: this user need not be able to write it.
      await writeFile(path, "", { flag: "wx" }).catch((error: Error) => {
        if (errorCodeOf(error) !== "EEXIST") failure(address, `cannot make ${path}`)(error);
      });
      return receiptUrl(receipts, host);
    },
    async expel(host) {
      if (receipts === null) return "none";
      const receipt = receiptName(receipts.secret, host);
      const question = join(folder, questionName(receiptUrl(receipts, host)));
      for (const path of [
        join(receipts.folder, receipt),
        join(receipts.folder, answerName(receipt)),
        question,
      ])
        await rm(path, { force: true }).catch((error: Error) => {
          if (errorCodeOf(error) !== "ENOENT") failure(address, `cannot remove ${path}`)(error);
        });
      return "ended";
    },
    // A host may only write its own receipt, and by its name.
    endAgain: async () => 0,
    misplaced: (hosts) => misplaced(address, settings, () => served(address, agent, PUBLICATION), hosts),
    async close() {
      agent.destroy();
    },
  };
}
