/** `resources`: how much memory, processor time and how many processes each container has to be limited to. */
import { numberAt, objectAt } from "../../body/json/fields.ts";
import type { JsonObject } from "../../body/json/value.ts";
import { count, matching, optional, type Shape } from "../shape.ts";
import { type Check, CREATES, type Limit, limitShape, SERVICES, type Setting } from "./limit.ts";

/** null: not limited. */
export interface Resources extends Setting {
  readonly memory: string | null;
  readonly cpus: number | null;
  readonly pids: number | null;
}

const UNITS: Readonly<Record<string, number>> = { "": 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
const SIZE = /^([1-9]\d{0,14})([bkmg]?)$/;
const MOST_CPUS = 10_000;
const NANO = 1e9;
/** Of the kernel, in microseconds. */
const PERIOD = 100_000;

function bytesOf(size: string): number {
  const [, digits = "", unit = ""] = SIZE.exec(size) ?? [];
  return Number(digits) * (UNITS[unit] ?? 1);
}

const cpus: Shape<number> = {
  read: (value, at, complain) =>
    typeof value === "number" && value > 0 && value <= MOST_CPUS
      ? value
      : void complain(at, "must be a number of processors, such as 1.5"),
  schema: { type: "number", exclusiveMinimum: 0, maximum: MOST_CPUS },
};

/** @returns 0: unlimited */
function cpusOf(host: JsonObject): number {
  const nano = numberAt(host, "NanoCpus") ?? 0;
  if (nano > 0) return nano / NANO;
  const quota = numberAt(host, "CpuQuota") ?? 0;
  return quota > 0 ? quota / (numberAt(host, "CpuPeriod") || PERIOD) : 0;
}

/** @param isNew of a container that exists, what is not set stays as it is */
function memoryProblem(host: JsonObject, size: string, isNew: boolean): string | null {
  const most = bytesOf(size);
  const memory = numberAt(host, "Memory") ?? 0;
  if (memory > most || memory < 0 || (isNew && memory === 0))
    return `Memory is ${memory}: set --memory to ${size} or less`;
  const swap = numberAt(host, "MemorySwap") ?? 0;
  return swap < 0 || swap > 2 * most ? `MemorySwap is ${swap}: leave out --memory-swap` : null;
}

/** The engine changes one and keeps the other, which the gateway does not see. */
const isHalf = (host: JsonObject): boolean =>
  (numberAt(host, "CpuQuota") ?? 0) > 0 !== (numberAt(host, "CpuPeriod") ?? 0) > 0;

function cpusProblem(host: JsonObject, most: number, isNew: boolean): string | null {
  if (!isNew && (numberAt(host, "CpuQuota") ?? 0) >= 0 && isHalf(host))
    return `CpuQuota and CpuPeriod are checked together: set both, or --cpus to ${most} or less`;
  const found = cpusOf(host);
  const isUnlimited = isNew ? found === 0 : (numberAt(host, "CpuQuota") ?? 0) < 0;
  return found > most || isUnlimited
    ? `the container may use ${found === 0 ? "all" : found} processors: set --cpus to ${most} or less`
    : null;
}

function pidsProblem(host: JsonObject, most: number, isNew: boolean): string | null {
  const found = numberAt(host, "PidsLimit");
  if (found === undefined && !isNew) return null;
  return found === undefined || found <= 0 || found > most
    ? `PidsLimit is ${found ?? 0}: set --pids-limit to ${most} or less`
    : null;
}

function problemOf(
  { memory, cpus: processors, pids }: Resources,
  host: JsonObject,
  isNew: boolean,
): string | null {
  const problems = [
    memory === null ? null : memoryProblem(host, memory, isNew),
    processors === null ? null : cpusProblem(host, processors, isNew),
    pids === null ? null : pidsProblem(host, pids, isNew),
  ].filter((one) => one !== null);
  return problems.length === 0 ? null : problems.join("; ");
}

function checks(setting: Resources): Readonly<Record<string, Check>> {
  return {
    ContainerCreate: ({ fields }) => problemOf(setting, objectAt(fields, "HostConfig"), true),
    ContainerUpdate: ({ fields }) => problemOf(setting, fields, false),
  };
}

export const resources: Limit<Resources> = {
  shape: limitShape({
    memory: optional<string | null>(
      "Most memory of a container; --memory must be set",
      null,
      matching(SIZE, "a size such as 512m or 2g"),
    ),
    cpus: optional<number | null>("Most processors of a container; --cpus must be set", null, cpus),
    pids: optional<number | null>(
      "Most processes of a container; --pids-limit must be set",
      null,
      count(4_194_304),
    ),
  }),
  checks,
  needs: CREATES,
  evadedBy: SERVICES,
};
