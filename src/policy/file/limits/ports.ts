/** `ports`: on which addresses and ports of the host a container may be published. */
import { objectAt, textAt } from "../../body/json/fields.ts";
import { isList, isObject, type JsonValue } from "../../body/json/value.ts";
import { described, flag, list, optional, type Shape } from "../shape.ts";
import { type Check, CREATES, type Limit, limitShape, quoted, SERVICES, type Setting } from "./limit.ts";

export interface Ports extends Setting {
  readonly allow: readonly string[];
  readonly dynamic: boolean;
}

/** `8080`, `8000-8999`, `127.0.0.1:5432`, `[::1]:80-90`. */
const ENTRY = /^(?:(\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]{2,39}\]):)?([1-9]\d{0,4})(?:-([1-9]\d{0,4}))?$/;
const PORTS = /^(\d{1,5})(?:-(\d{1,5}))?$/;

interface Range {
  /** null: every address. */
  readonly address: string | null;
  readonly first: number;
  readonly last: number;
}

function rangeOf(entry: string): Range {
  const [, address, first = "", last = first] = ENTRY.exec(entry) ?? [];
  return { address: address?.replace(/[[\]]/g, "") ?? null, first: Number(first), last: Number(last) };
}

const RULE =
  "a port, a range of ports, or one of these after an address, such as 8080, 8000-8999 or 127.0.0.1:5432";

/** A port alone is a number in YAML. */
const entry: Shape<string> = {
  read: (value, at, complain) => {
    const text = Number.isInteger(value) ? String(value) : value;
    if (typeof text !== "string" || !ENTRY.test(text)) return void complain(at, `must be ${RULE}`);
    const { first, last } = rangeOf(text);
    if (last > 65_535) return void complain(at, "must be a port up to 65535");
    return first <= last ? text : void complain(at, "must be a range whose first port is not above its last");
  },
  schema: { type: ["string", "integer"], pattern: ENTRY.source, minimum: 1, maximum: 65_535 },
};

interface Binding {
  readonly container: string;
  readonly address: string;
  readonly port: string;
}

function bindingsOf(bound: ReadonlyMap<string, JsonValue>): Binding[] {
  return [...bound].flatMap(([container, all]) =>
    isList(all)
      ? all
          .filter(isObject)
          .map((one) => ({ container, address: textAt(one, "HostIp"), port: textAt(one, "HostPort") }))
      : [],
  );
}

function problemOf(
  { container, address, port }: Binding,
  { allow, dynamic }: Ports,
  ranges: readonly Range[],
): string | null {
  const inside = container.split("/")[0] ?? "";
  const use = `publish on one of ${allow.slice(0, 5).join(", ")}, as in -p ${allow[0] ?? "…"}:${inside}`;
  if (port === "" || port === "0")
    return dynamic ? null : `the engine would choose the port for ${container.slice(0, 20)}: ${use}`;
  const [, first = "", last = first] = PORTS.exec(port) ?? [];
  const isInside = (range: Range) =>
    first !== "" &&
    (range.address === null || range.address === address) &&
    Number(first) >= range.first &&
    Number(first) <= Number(last) &&
    Number(last) <= range.last;
  return ranges.some(isInside)
    ? null
    : `the host's port is ${quoted(address === "" ? port : `${address}:${port}`)}: ${use}`;
}

function checks(setting: Ports): Readonly<Record<string, Check>> {
  const ranges = setting.allow.map(rangeOf);
  return {
    ContainerCreate: ({ fields }) => {
      const host = objectAt(fields, "HostConfig");
      if (host.get("PublishAllPorts") === true && !setting.dynamic)
        return "the engine would choose the ports: leave out -P";
      for (const binding of bindingsOf(objectAt(host, "PortBindings"))) {
        const problem = problemOf(binding, setting, ranges);
        if (problem !== null) return problem;
      }
      return null;
    },
  };
}

export const ports: Limit<Ports> = {
  shape: limitShape({
    allow: described(
      "Ports of the host that may be published, with an address where only that one is allowed",
      list(entry, 100),
    ),
    dynamic: optional("The engine may choose ports, as for -P", false, flag),
  }),
  checks,
  needs: CREATES,
  evadedBy: SERVICES,
};
