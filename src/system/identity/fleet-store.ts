/**
 * Keeps the fleets that this machine operates in `fleets/NAME`: the operator's key, the CA for the fleet's clients, and
 * the last published versions of the list. A version is a file that is made once, so of two writers the second is told.
 */
import { rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TetherdockError } from "../../base/index.ts";
import {
  type FleetFolders,
  formatKeptFleet,
  isOperator,
  type KeptFleet,
  makeOperatorKey,
  type OperatedFleet,
  parseKeptFleet,
} from "../../fleet/index.ts";
import {
  createFile,
  createWhole,
  discard,
  makeDirectory,
  sweep,
  syncDirectory,
  unfinishedIn,
  writeAtomically,
} from "../files/atomic-file.ts";
import { errorCodeOf, namesIn, readIfThere, removeIfThere, withFile } from "../files/file-error.ts";
import {
  broken,
  changeSettings,
  formatOperator,
  readOperatedStore,
  readOperatorFile,
  SECRET,
  setOperatorKey,
  setStore,
  textOf,
} from "./fleet-files.ts";

const VERSION = /^\d{9}\.json$/;
const PROPOSAL = "proposal.json";
const NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;

/**
 * Versions that are kept: the last one counts. A list of a thousand clients and hosts has a megabyte. More than one, so that a
 * slow writer finds the version that it wants to make.
 */
const KEPT = 20;

const fileOf = (version: number): string => `${String(version).padStart(9, "0")}.json`;

async function namesLike(folder: string, pattern: RegExp): Promise<string[]> {
  return (await namesIn(folder)).filter((name) => pattern.test(name));
}

/** Its hosts have a newer one than the version before it: nobody should remove it. */
function parseList(file: string, text: string): KeptFleet {
  try {
    return parseKeptFleet(text, file);
  } catch (error) {
    throw error instanceof TetherdockError ? broken(file, error.why) : error;
  }
}

async function readFleet(folder: string, name: string): Promise<OperatedFleet> {
  const { operatorKey, nextKey, ca } = await readOperatorFile(folder);
  const lists = join(folder, "lists");
  const latest = (await namesLike(lists, VERSION)).at(-1);
  if (latest === undefined) throw broken(lists, ["there is no version of the list"]);
  const file = join(lists, latest);
  const kept = parseList(file, await textOf(file));
  // A process that replaced the key may have been killed before or after it published who the operators are.
  const isReplaced = nextKey !== null && isOperator(kept.documents, nextKey);
  return {
    ...{ name, operatorKey: isReplaced ? nextKey : operatorKey, ca, kept },
    nextKey: isReplaced ? undefined : (nextKey ?? undefined),
    store: await readOperatedStore(folder),
  };
}

async function createFleet(fleets: string, { name, operatorKey, ca, kept }: OperatedFleet): Promise<void> {
  await makeDirectory(fleets);
  const [folder, unfinished] = [join(fleets, name), unfinishedIn(fleets)];
  try {
    await makeDirectory(join(unfinished, "lists"));
    const operator = formatOperator(operatorKey, ca);
    await createFile(join(unfinished, "operator.json"), operator, SECRET, join(folder, "operator.json"));
    const list = fileOf(kept.view.version);
    await createFile(
      join(unfinished, "lists", list),
      formatKeptFleet(kept),
      SECRET,
      join(folder, "lists", list),
    );
    await withFile("write", folder, async () => {
      // It replaces an empty folder, and no other.
      await rename(unfinished, folder);
      await syncDirectory(fleets);
    });
  } catch (error) {
    await discard(unfinished);
    const code = errorCodeOf((error as Error).cause ?? error);
    if (code !== "EEXIST" && code !== "ENOTEMPTY") throw error;
    throw new TetherdockError("FLEET_EXISTS", `there is already a fleet "${name}"`, {
      hints: [
        `tetherdock fleet status --fleet ${name}`,
        `tetherdock fleet store URL --fleet ${name}   # with the options of init: if its store is wrong`,
      ],
    });
  }
  await sweep(fleets);
}

/** A version that cannot be removed does no harm. */
async function removeOld(lists: string): Promise<void> {
  const names = await namesLike(lists, VERSION).catch(() => []);
  for (const name of names.slice(0, -KEPT)) await removeIfThere(join(lists, name)).catch(() => {});
}

async function publishList(folder: string, kept: KeptFleet): Promise<void> {
  const lists = join(folder, "lists");
  const name = fileOf(kept.view.version);
  const latest = (await namesLike(lists, VERSION)).at(-1) ?? "";
  if (latest < name && (await createWhole(join(lists, name), formatKeptFleet(kept), SECRET)))
    return removeOld(lists);
  throw new TetherdockError(
    "FLEET_CONFLICT",
    "somebody else has just published a change of this fleet's list",
    {
      why: [`version ${kept.view.version} exists, so nothing was changed`],
      hints: ["tetherdock fleet client ls   # what it is now; then run the command again"],
    },
  );
}

/** Of two processes that make the key, one does, and both use it. */
async function futureKey(path: string): Promise<string> {
  const there = await readIfThere(path);
  if (there !== undefined) return there;
  await makeDirectory(dirname(path));
  const key = makeOperatorKey();
  return (await createWhole(path, key, SECRET)) ? key : textOf(path);
}

async function setProposal(path: string, text: string | null): Promise<void> {
  if (text === null) await removeIfThere(path);
  else await writeAtomically(path, text, SECRET);
}

/** @param home of tetherdock */
export function createFleetStore(home: string): FleetFolders {
  const fleets = join(home, "fleets");
  const future = (name: string) => join(home, "operators", `${name}.pem`);
  return {
    list: () => namesLike(fleets, NAME),
    read: (name) => readFleet(join(fleets, name), name),
    create: (fleet) => createFleet(fleets, fleet),
    setOperatorKey: (name, operatorKey, nextKey) => setOperatorKey(join(fleets, name), operatorKey, nextKey),
    futureKey: (name) => futureKey(future(name)),
    forgetFutureKey: (name) => removeIfThere(future(name)),
    setStore: (name, store) => setStore(join(fleets, name), store),
    changeSettings: (name, change) => changeSettings(join(fleets, name), change),
    proposal: async (name) => (await readIfThere(join(fleets, name, PROPOSAL))) ?? null,
    setProposal: (name, text) => setProposal(join(fleets, name, PROPOSAL), text),
    publish: (name, kept) => publishList(join(fleets, name), kept),
  };
}
