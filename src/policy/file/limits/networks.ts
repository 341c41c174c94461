/** `networks`: which networks containers may join. The engine's other networks, and other clients', are refused by the role itself. */
import { objectAt, textAt } from "../../body/json/fields.ts";
import type { JsonObject } from "../../body/json/value.ts";
import { isEngines } from "../../body/model/index.ts";
import { described, list, oneOf } from "../shape.ts";
import { CREATES, type Limit, limitShape, SERVICES, type Setting } from "./limit.ts";

/** `own`: made by the client. */
const KINDS = ["own", "bridge", "none"] as const;
type Kind = (typeof KINDS)[number];

export interface Networks extends Setting {
  readonly allow: readonly Kind[];
}

const USE: Readonly<Record<Kind, string>> = {
  own: "--network with a network of your own",
  bridge: "--network bridge",
  none: "--network none",
};

function kindOf(name: string): Kind {
  if (name === "none") return "none";
  return isEngines(name) ? "bridge" : "own";
}

/** Without a name, a container is on the default bridge. */
function kindsIn(fields: JsonObject): readonly Kind[] {
  const mode = textAt(objectAt(fields, "HostConfig"), "NetworkMode");
  const endpoints = objectAt(objectAt(fields, "NetworkingConfig"), "EndpointsConfig");
  return [mode, ...endpoints.keys()].map(kindOf);
}

const NAMES: Readonly<Record<Kind, string>> = {
  own: "the network is one of your own",
  bridge: "the network is the default bridge, which all clients share",
  none: "the container has no network",
};

export const networks: Limit<Networks> = {
  shape: limitShape({
    allow: described(
      "Networks that containers may join: own (the client's), bridge (the default one, which all clients share), none",
      list(oneOf(...KINDS), KINDS.length),
    ),
  }),
  checks: ({ allow }) => {
    const use =
      allow.length > 0 ? `use ${allow.map((one) => USE[one]).join(" or ")}` : "the role permits none";
    const problemOf = (kind: Kind): string => `${NAMES[kind]}: ${use}`;
    return {
      ContainerCreate: ({ fields }) => {
        const wrong = kindsIn(fields).find((kind) => !allow.includes(kind));
        return wrong === undefined ? null : problemOf(wrong);
      },
      NetworkConnect: () => (allow.includes("own") ? null : problemOf("own")),
    };
  },
  needs: CREATES,
  evadedBy: SERVICES,
};
