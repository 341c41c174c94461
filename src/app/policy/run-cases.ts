/** Cases for a role, as a file: a docker command or a request, and what must become of it. */
import { inOneLine, json, TetherdockError } from "../../base/index.ts";
import { operations, type SentRequest } from "../../engine/index.ts";
import type { Role } from "../../policy/index.ts";
import { broken } from "./check-files.ts";
import { requestsOf } from "./explain.ts";
import { type Explained, judgeRequests } from "./judge-requests.ts";
import type { RecordPorts } from "./ports.ts";
import { readYaml } from "./read-yaml.ts";

interface Case {
  /** A command and its arguments. */
  readonly run: readonly string[] | null;
  readonly operation: string | null;
  readonly target: string | null;
  readonly body: unknown;
  readonly expect: "allowed" | "refused";
  /** Part of the rule that must refuse; empty: any. */
  readonly check: string;
}

export interface CaseResult {
  readonly name: string;
  readonly passed: boolean;
  /** What happened instead, if it did not pass. */
  readonly why: string;
}

const readWords: json.Read<readonly string[]> = (value, at, complain) => {
  if (Array.isArray(value)) return json.list(json.words(), 1000)(value, at, complain);
  if (typeof value !== "string") return void complain(at, "must be a command, or a list of its words");
  if (/["'\\$`]/.test(value))
    return void complain(at, "has quotes or a $; write the command as a list of its words");
  return value.trim().split(/\s+/);
};

/** Any value; null: there is none. */
const any: json.Read<unknown> = (value) => value ?? null;

const readCase: json.Read<Case> = (value, at, complain) => {
  const read = json.object<Case>({
    run: { read: readWords, optional: { value: null } },
    operation: { read: json.words(64), optional: { value: null } },
    target: { read: json.words(), optional: { value: null } },
    body: { read: any, optional: { value: null } },
    expect: { read: json.oneOf("allowed", "refused") },
    check: { read: json.words(64), optional: { value: "" } },
  })(value, at, complain);
  if (read === undefined) return undefined;
  if ((read.run === null) === (read.operation === null))
    return void complain(at, "must have either run or operation");
  if (read.operation !== null && !operations.some(({ name }) => name === read.operation))
    return void complain(`${at}.operation`, "is not an operation of the Docker API");
  return read;
};

const readCases = json.object<{ role: string; cases: readonly Case[] }>({
  role: { read: json.words() },
  cases: { read: json.list(readCase, 1000) },
});

function requestOf({ operation, target, body }: Case): SentRequest {
  const { method, path } = operations.find(({ name }) => name === operation) ?? { method: "GET", path: "/" };
  const text = body === null ? "" : JSON.stringify(body);
  return {
    ...{ method, target: target ?? path.replace(/\{\w+\}/g, "0".repeat(64)), body: Buffer.from(text) },
    ...{ contentType: text === "" ? [] : ["application/json"], contentEncoding: [], upgrade: "" },
  };
}

const nameOf = ({ run, operation, target }: Case): string =>
  run?.join(" ") ?? `${operation}${target === null ? "" : ` ${target}`}`;

function judge(one: Case, explained: readonly Explained[]): CaseResult {
  const name = nameOf(one);
  const refused = explained.find(({ allowed }) => !allowed);
  if (one.expect === "allowed")
    return {
      name,
      passed: refused === undefined,
      why: refused === undefined ? "" : `refused by ${refused.rule}: ${refused.reason}`,
    };
  if (refused === undefined) return { name, passed: false, why: "every request was allowed" };
  const passed = refused.rule.includes(one.check);
  return { name, passed, why: passed ? "" : `refused by ${refused.rule} instead: ${refused.reason}` };
}

async function run(ports: RecordPorts, role: Role, one: Case): Promise<CaseResult> {
  try {
    const requests = one.run === null ? [requestOf(one)] : await requestsOf(ports, one.run);
    return judge(one, await judgeRequests(role, requests));
  } catch (error) {
    if (!(error instanceof TetherdockError) || error.code !== "POLICY_COMMAND_FAILED") throw error;
    return { name: nameOf(one), passed: false, why: inOneLine(error) };
  }
}

/**
 * @param findRole by what the file says: a built-in role or a path
 * @throws FILE_FAILED, ROLE_FILE_BROKEN; COMMAND_NOT_FOUND
 */
export async function runCases(
  ports: RecordPorts,
  path: string,
  findRole: (text: string) => Promise<Role>,
): Promise<readonly CaseResult[]> {
  const read = readYaml(await ports.readText(path), readCases);
  if ("problems" in read) {
    const placed = read.problems.map((problem) => ({ file: path, ...problem }));
    throw broken(placed, "test");
  }
  const role = await findRole(read.value.role);
  const results: CaseResult[] = [];
  for (const one of read.value.cases) results.push(await run(ports, role, one));
  return results;
}
