import { buildCommand, buildRouteMap } from "@stricli/core";
import { fleetOperatorNames } from "../../completion/values.ts";
import type { Context } from "../../context.ts";
import { parseClientName } from "../../flags/parse-client-name.ts";
import {
  type FleetFlags,
  fleetFlags,
  type OpenFlags,
  type OperatorAddFlags,
  type OperatorRmFlags,
  openFlags,
  operatorAddFlags,
  operatorRmFlags,
  type SignFlags,
  signFlags,
} from "../flags.ts";
import { parseFleetName } from "../parse-fleet-name.ts";
import { parseThreshold } from "./parse-threshold.ts";

const ls = buildCommand<FleetFlags, [], Context>({
  loader: () => import("./operators.ts").then(({ operatorLs }) => operatorLs),
  parameters: { flags: fleetFlags },
  docs: { brief: "List the operators of a fleet: whose keys sign its list" },
});

const key = buildCommand<Record<never, never>, [string], Context>({
  loader: () => import("./operators.ts").then(({ operatorKey }) => operatorKey),
  parameters: {
    flags: {},
    positional: {
      kind: "tuple",
      parameters: [{ placeholder: "fleet", brief: "Name of the fleet", parse: parseFleetName }],
    },
  },
  docs: {
    brief: "Print the public part of this machine's key for a fleet",
    fullDescription:
      "Makes the key if there is none. Its private part stays on this machine. An operator of the fleet adds the public part with fleet operator add.",
  },
});

const add = buildCommand<OperatorAddFlags, [string], Context>({
  loader: () => import("./operators.ts").then(({ operatorAdd }) => operatorAdd),
  parameters: {
    flags: operatorAddFlags,
    positional: {
      kind: "tuple",
      parameters: [
        {
          placeholder: "name",
          brief: "Name of the operator, such as ben@laptop",
          parse: parseClientName,
        },
      ],
    },
  },
  docs: {
    brief: "Let somebody else sign a fleet's list, on a machine of their own",
    fullDescription:
      "Every operator can change the list, and the operators, alone, unless fleet operator threshold says that several have to sign. The file has all that their machine needs except a key that signs: the list, the key of the CA for the fleet's clients, and the store's credentials. With the name and key of an operator, it writes the file again.",
  },
});

const rm = buildCommand<OperatorRmFlags, [string], Context>({
  loader: () => import("./operators.ts").then(({ operatorRm }) => operatorRm),
  parameters: {
    flags: operatorRmFlags,
    positional: {
      kind: "tuple",
      parameters: [
        {
          placeholder: "name",
          brief: "Name of the operator, or the beginning of the key's SHA-256",
          parse: String,
          proposeCompletions: fleetOperatorNames,
        },
      ],
    },
  },
  docs: {
    brief: "Remove an operator's key from a fleet, so that hosts refuse what it signs",
    fullDescription:
      "For somebody who leaves, and for a key that was stolen. With --force, this machine's list counts, whatever the thief has published since.",
  },
});

const threshold = buildCommand<FleetFlags, [number], Context>({
  loader: () => import("./operators.ts").then(({ operatorThreshold }) => operatorThreshold),
  parameters: {
    flags: fleetFlags,
    positional: {
      kind: "tuple",
      parameters: [
        { placeholder: "number", brief: "How many operators have to sign a change", parse: parseThreshold },
      ],
    },
  },
  docs: {
    brief: "Set how many operators have to sign a change of a fleet's list",
    fullDescription:
      "With more than one, each change waits until enough operators have run fleet sign; fleet revoke needs one signature only. Those who have to sign are operators before and after: this waits for them too.",
  },
});

const rotate = buildCommand<FleetFlags, [], Context>({
  loader: () => import("./operators.ts").then(({ operatorRotate }) => operatorRotate),
  parameters: { flags: fleetFlags },
  docs: {
    brief: "Replace this machine's key of a fleet with a new one",
    fullDescription:
      "The old key signs the new one, and is not accepted after that. Hosts that could not be reached get the change with the next push.",
  },
});

const protect = buildCommand<FleetFlags, [], Context>({
  loader: () => import("./operators.ts").then(({ operatorProtect }) => operatorProtect),
  parameters: { flags: fleetFlags },
  docs: {
    brief: "Encrypt this machine's key of a fleet with a passphrase",
    fullDescription:
      "No plain copy is kept. Commands that sign the list ask for the passphrase, or take it from TETHERDOCK_OPERATOR_PASSPHRASE; the others do not need it.",
  },
});

const unprotect = buildCommand<FleetFlags, [], Context>({
  loader: () => import("./operators.ts").then(({ operatorUnprotect }) => operatorUnprotect),
  parameters: { flags: fleetFlags },
  docs: { brief: "Make this machine's key of a fleet a plain file again" },
});

export const operatorRoutes = buildRouteMap<string, Context>({
  // No prototype: see application.ts.
  routes: Object.assign(Object.create(null), { ls, key, add, rm, threshold, rotate, protect, unprotect }),
  aliases: Object.create(null),
  docs: { brief: "Manage who signs a fleet's list" },
});

export const sign = buildCommand<SignFlags, [], Context>({
  loader: () => import("./sign.ts").then(({ fleetSign }) => fleetSign),
  parameters: { flags: signFlags },
  docs: {
    brief: "Show the change that waits for signatures, sign it, and publish it when enough have signed",
    fullDescription:
      "For fleets where a change needs the signatures of several operators (fleet operator threshold). The change comes from the fleet's store, and counts only as it is shown: what tetherdock would not show, it does not sign.",
  },
});

export const open = buildCommand<OpenFlags, [string], Context>({
  loader: () => import("./operators.ts").then(({ fleetOpen }) => fleetOpen),
  parameters: {
    flags: openFlags,
    positional: {
      kind: "tuple",
      parameters: [
        { placeholder: "file", brief: "The file that fleet operator add has written", parse: String },
      ],
    },
  },
  docs: {
    brief: "Operate a fleet from this machine too",
    fullDescription:
      "The file comes from an operator who has added this machine's key. Changes that others make come from the fleet's store, before each command. For hosts that the store does not reach, this machine needs lines with the names that they have in the fleet.",
  },
});
