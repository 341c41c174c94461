/**
 * The roles that only read. `viewer` sees what runs and is shown no secrets; `discovery` also sees the values of labels.
 * Every operation that is in no list here or in answers/ is refused, so a new operation stays closed until somebody has
 * reviewed it.
 */
import { isLog, type Operation } from "../../../engine/index.ts";
import { type Answer, answers } from "../../answers/index.ts";
import { withLabels } from "../../answers/with-labels.ts";
import type { RoleOptions } from "../catalogue.ts";
import { type RoleRules, refuseUnknown } from "../rule.ts";

/** Without a body in JSON: there is nothing to leave out. */
const WITHOUT_JSON: ReadonlySet<string> = new Set(["SystemPing", "SystemPingHead"]);

/** Reads that show a secret, each with what it would show: the rest of a sentence for the caller. */
const HIDDEN: ReadonlyMap<string, string> = new Map([
  ["ContainerExport", "it reads the container's files"],
  ["ContainerArchive", "it reads the container's files"],
  ["ContainerArchiveInfo", "it shows which files the container has"],
  ["ContainerChanges", "it shows which files the container has"],
  ["ImageGet", "it reads the image's files"],
  ["ImageGetAll", "it reads the images' files"],
  // its arguments go to ps, whose `e` prints environments
  ["ContainerTop", "it can show the environment of every process"],
  ["CheckpointList", "it lists a directory of the caller's choice"],
  // build arguments stand in the commands of layers and in provenance
  ["ImageHistory", "it shows the commands of the build, and the arguments in them"],
  ["ImageAttestations", "it shows how the image was built, and the arguments of the build"],
  // the engine asks whatever registry the caller names, from inside its network
  ["ImageSearch", "the engine would connect to a registry of the caller's choice"],
  ["DistributionInspect", "the engine would connect to a registry of the caller's choice"],
  ["GetPluginPrivileges", "the engine would connect to a registry of the caller's choice"],
  ["PluginList", "it shows the settings of plugins"],
  ["PluginInspect", "it shows the settings of plugins"],
  ["SwarmInspect", "it shows the tokens to join the swarm"],
  ["SwarmUnlockkey", "it shows the key of the swarm"],
  ["SecretList", "it shows which secrets there are"],
  ["SecretInspect", "it shows which secrets there are"],
  // the contents are in the answer, and many a config holds a password
  ["ConfigList", "it shows the contents of configs"],
  ["ConfigInspect", "it shows the contents of configs"],
  // the only POST that just reads: a role without any POST is easier to trust
  ["ContainerWait", "the role is read-only, and this is a POST; inspect and events show the same"],
]);

const isShown = ({ name }: Operation) => answers.has(name) || WITHOUT_JSON.has(name);

type Shown = (operation: Operation) => Answer | null;

/** Decides all calls of an operation in the same way, whatever their parameters. */
function readingRules(role: string, shown: Shown, logs: boolean): RoleRules {
  return {
    rules: [
      { id: `${role}-read`, covers: isShown, allow: shown },
      logs
        ? { id: `${role}-logs`, covers: isLog, allow: () => null }
        : {
            id: `${role}-no-logs`,
            covers: isLog,
            refuse: () => "it is not allowed to read logs here; ask an admin",
          },
      {
        id: `${role}-no-write`,
        covers: (operation) => operation.kind === "write" && !isShown(operation) && !isLog(operation),
        refuse: () => `${role} is read-only; ask an admin for another role`,
      },
    ],
    otherwise: { id: `${role}-hidden`, refuse: ({ name }) => HIDDEN.get(name) ?? "what it shows is unknown" },
    unknown: refuseUnknown(role, `${role}-unknown`),
  };
}

export const viewerRules = ({ logs }: RoleOptions<"viewer">): RoleRules =>
  readingRules("viewer", ({ name }) => answers.get(name) ?? null, logs);

export const discoveryRules = (): RoleRules =>
  readingRules(
    "discovery",
    ({ name }) => {
      const answer = answers.get(name);
      return answer === undefined ? null : withLabels(answer);
    },
    false,
  );
