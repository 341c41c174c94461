/** The roles of a line's gateway: those that somebody has made, and the built-in ones. */
import { json, nearest, quoteForeign, shellJoin, TetherdockError } from "../../base/index.ts";
import { ROLES } from "../../policy/index.ts";
import { askClients, callLine, type GatewayPorts } from "../gateway-api/index.ts";
import { lineOption } from "../lines/index.ts";

/** A role as it is listed. */
export interface ListedRole {
  readonly name: string;
  /** null: built in. */
  readonly extends: string | null;
  readonly description: string;
  /** Whether the gateway's fleet has brought it. */
  readonly fleet: boolean;
  /** Names of the clients that have it. */
  readonly clients: readonly string[];
}

/** A role that somebody has made, as the gateway keeps it: the host's own, or one of its fleet. */
export interface KeptRole {
  readonly name: string;
  readonly extends: string;
  readonly description: string;
  readonly source: Readonly<Record<string, unknown>>;
  /** Of the fleet's signed list: nobody can change it on one host. */
  readonly fleet: boolean;
}

const head = json.openObject<Omit<KeptRole, "source" | "fleet">>({
  name: { read: json.words(64) },
  extends: { read: json.words(64) },
  description: { read: json.words(1000), optional: { value: "" } },
});

const readKept: json.Read<Omit<KeptRole, "fleet">> = (value, at, complain) => {
  const read = head(value, at, complain);
  return read && { ...read, source: value as KeptRole["source"] };
};

type KeptRoles = readonly Omit<KeptRole, "fleet">[];

const readRoles = json.openObject<{ readonly roles: KeptRoles; readonly fleet: KeptRoles }>({
  roles: { read: json.list(readKept, 1000) },
  fleet: { read: json.list(readKept, 1000), optional: { value: [] } },
});

export async function keptRoles(ports: GatewayPorts, line: string | undefined): Promise<readonly KeptRole[]> {
  const { roles, fleet } = await callLine(ports, line, { method: "GET", path: "roles" }, readRoles);
  return [
    ...roles.map((one) => ({ ...one, fleet: false })),
    ...fleet.map((one) => ({ ...one, fleet: true })),
  ];
}

/** @param line as typed; undefined: the one that is meant when none is named */
export async function listRoles(
  ports: GatewayPorts,
  line: string | undefined,
): Promise<readonly ListedRole[]> {
  const [kept, { clients }] = await Promise.all([keptRoles(ports, line), askClients(ports, line)]);
  const having = (name: string) => clients.filter(({ role }) => role === name).map((client) => client.name);
  return [
    ...ROLES.map(({ name, may }) => ({
      name,
      extends: null,
      description: `may ${may}`,
      fleet: false,
      clients: having(name),
    })),
    ...kept.map(({ name, description, ...one }) => ({
      name,
      extends: one.extends,
      description,
      fleet: one.fleet,
      clients: having(name),
    })),
  ];
}

const listCommand = (line: string | undefined): string =>
  shellJoin(["tetherdock", "policy", "ls", ...lineOption(line)]);

/** @param names of the roles there are @param line as in the hints @param again the same command with another name; null: no hint */
export function unknownRole(
  name: string,
  names: readonly string[],
  line: string | undefined,
  again: ((name: string) => readonly string[]) | null,
): TetherdockError {
  const near = nearest(name, names);
  return new TetherdockError("ROLE_UNKNOWN", `there is no role ${quoteForeign(name)}`, {
    why: [
      ...near.map((one) => `did you mean ${quoteForeign(one)}?`),
      ...(names.length === 0 ? [] : [`the roles are ${names.slice(0, 20).map(quoteForeign).join(", ")}`]),
    ],
    hints: [
      ...(again === null ? [] : near.slice(0, 1).map((one) => shellJoin(again(one)))),
      listCommand(line),
    ],
  });
}

/** @param verb of the `policy` command that needs the role, for a hint @throws ROLE_UNKNOWN */
export async function showRole(
  ports: GatewayPorts,
  line: string | undefined,
  name: string,
  verb: "show" | "rm" = "show",
): Promise<KeptRole> {
  const kept = await keptRoles(ports, line);
  const found = kept.find((role) => role.name === name);
  if (found?.fleet && verb === "rm")
    throw new TetherdockError("ROLE_UNKNOWN", `the role ${name} is on the list of the host's fleet`, {
      why: ["a host cannot change what the fleet decides"],
      hints: [shellJoin(["tetherdock", "fleet", "role", "rm", name])],
    });
  if (found) return found;
  if (ROLES.some((role) => role.name === name))
    throw new TetherdockError("ROLE_UNKNOWN", `the role ${name} is built in`, {
      why: ["it has no file"],
      hints: ["tetherdock help roles", listCommand(line)],
    });
  throw unknownRole(
    name,
    kept.map((role) => role.name),
    line,
    (near) => ["tetherdock", "policy", verb, near, ...lineOption(line)],
  );
}
