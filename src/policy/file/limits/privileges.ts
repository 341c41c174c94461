/** `capabilities`, `users` and `restart`: what runs in a container, and as whom. */
import { objectAt, textAt, textsAt } from "../../body/json/fields.ts";
import { capabilityOf } from "../../body/model/rules.ts";
import { count, described, list, matching, oneOf, optional } from "../shape.ts";
import { CREATES, type Limit, limitShape, quoted, SERVICES, type Setting } from "./limit.ts";

export interface Capabilities extends Setting {
  readonly allow: readonly string[];
}

export const capabilities: Limit<Capabilities> = {
  shape: limitShape({
    allow: described(
      "Capabilities that may be added; all others must be dropped with --cap-drop ALL",
      list(
        matching(/^(?!CAP_)[A-Z_]{2,30}$/, "the name of a capability without CAP_, such as NET_BIND_SERVICE"),
        50,
      ),
    ),
  }),
  checks: ({ allow }) => ({
    ContainerCreate: ({ fields }) => {
      const host = objectAt(fields, "HostConfig");
      if (!textsAt(host, "CapDrop").some((name) => capabilityOf(name) === "ALL"))
        return "the container keeps Docker's default capabilities: add --cap-drop ALL";
      const other = textsAt(host, "CapAdd").find((name) => !allow.includes(capabilityOf(name)));
      return other === undefined
        ? null
        : `CapAdd has ${quoted(other)}: leave out --cap-add ${capabilityOf(other).slice(0, 40)}`;
    },
  }),
  needs: CREATES,
  evadedBy: SERVICES,
};

export interface Users extends Setting {
  readonly min: number;
}

const MOST_UID = 2 ** 31 - 1;

/** A name could be anybody in the image's own list of users, so only numbers count. `00` is root. */
function uidOf(user: string): number {
  const [, digits] = /^(\d{1,10})(?::.*)?$/s.exec(user) ?? [];
  return digits === undefined || Number(digits) > MOST_UID ? -1 : Number(digits);
}

export const users: Limit<Users> = {
  shape: limitShape({
    min: optional(
      "The lowest ID of a user that containers may run as; 1 is everybody but root",
      1,
      count(MOST_UID),
    ),
  }),
  checks: ({ min }) => {
    const problemOf = (user: string) =>
      uidOf(user) >= min
        ? null
        : `User is ${quoted(user)}: set --user to a number from ${min} up, as in --user ${Math.max(min, 1000)}`;
    return {
      ContainerCreate: ({ fields }) => problemOf(textAt(fields, "User")),
      // without one, it is the container's own
      ContainerExec: ({ fields }) =>
        textAt(fields, "User") === "" ? null : problemOf(textAt(fields, "User")),
    };
  },
  needs: CREATES,
  evadedBy: SERVICES,
};

const POLICIES = ["no", "on-failure", "unless-stopped", "always"] as const;

export interface Restart extends Setting {
  readonly allow: readonly (typeof POLICIES)[number][];
}

export const restart: Limit<Restart> = {
  shape: limitShape({
    allow: described("Restart policies that containers may have", list(oneOf(...POLICIES), POLICIES.length)),
  }),
  checks: ({ allow }) => {
    const problemOf = (name: string) =>
      allow.some((one) => one === name)
        ? null
        : `RestartPolicy is ${quoted(name)}: set --restart to ${allow.join(" or ")}`;
    return {
      ContainerCreate: ({ fields }) =>
        problemOf(textAt(objectAt(objectAt(fields, "HostConfig"), "RestartPolicy"), "Name") || "no"),
      ContainerUpdate: ({ fields }) => {
        const name = textAt(objectAt(fields, "RestartPolicy"), "Name");
        return name === "" ? null : problemOf(name);
      },
    };
  },
  needs: CREATES,
  evadedBy: SERVICES,
};
