/** Builds by the classic builder, `POST /build`, for roles that are not admin (ADR 0029). Loaded with the first one. */
import { tar } from "../../base/index.ts";
import type { Asking } from "../asking.ts";
import { namesOf } from "../build/exporters.ts";
import { checkNames } from "../build/naming.ts";
import { CallProblem, type Refusal, refusalIn } from "../refusal.ts";
import { CHECK, type Entry, readArchive } from "./archive.ts";
import { readDockerfile, writeDockerfile } from "./dockerfile.ts";
import { inflated } from "./inflate.ts";
import { judgeParameters, labelsOf, mapOf, type Parameters, writeQuery } from "./parameters.ts";
import { rewrite } from "./rewrite.ts";

/** What the engine gets. */
export interface ClassicBuild {
  readonly body: Buffer;
  readonly query: string;
}

type Entries = ReadonlyMap<string, Entry>;

const IGNORE = ".dockerignore";

/** Finds the Dockerfile as the engine does; its name is then written into the query. */
function dockerfileIn(entries: Entries, parameters: Parameters): Entry {
  const [asked = ""] = parameters.get("dockerfile") ?? [];
  const name = asked.replace(/^(?:\.\/)+/, "");
  const found = asked === "" ? (entries.get("Dockerfile") ?? entries.get("dockerfile")) : entries.get(name);
  if (found?.type !== "file")
    throw new CallProblem(
      "dockerfile",
      `the build context has no file ${(name || "Dockerfile").slice(0, 80)}`,
    );
  return found;
}

function namesIn(parameters: Parameters): string[] {
  const asked = parameters.get("t") ?? [];
  if (asked.some((name) => name.includes(",")))
    throw new CallProblem("imageName", "a name has a comma; give each name with a -t of its own");
  return namesOf(asked.join(), "t");
}

async function judge(body: Buffer, query: string, owner: string, asking: Asking): Promise<ClassicBuild> {
  const parameters = judgeParameters(query);
  const names = namesIn(parameters);
  const labels = labelsOf(parameters, owner);
  const archive = await inflated(body);
  if (archive !== body) asking.holds(body.length + archive.length);
  const entries = readArchive(archive);
  const ignore = entries.get(IGNORE);
  if (ignore !== undefined && ignore.type !== "file") throw new CallProblem(CHECK, `${IGNORE} is not a file`);
  const dockerfile = dockerfileIn(entries, parameters);
  const [platform = ""] = parameters.get("platform") ?? [];
  const asked = { given: mapOf(parameters, "buildargs"), platform };
  const { lines, hasScratch } = await rewrite(readDockerfile(dockerfile.data), asked, owner, asking.engine);
  await checkNames(names, owner, asking.engine);
  const written = new Map(entries).set(dockerfile.path, { ...dockerfile, data: writeDockerfile(lines) });
  const others: [string, readonly string[]][] = [
    ["dockerfile", [dockerfile.path]],
    ["labels", [labels]],
    ["version", ["1"]],
    // engines before 25.0.2 also find steps of pulled images in the cache of FROM scratch (CVE-2024-24557)
    ...(hasScratch ? [["nocache", ["1"]] as [string, readonly string[]]] : []),
  ];
  return { body: tar.writeArchive(written.values()), query: writeQuery(new Map([...parameters, ...others])) };
}

/** @returns the build as the engine gets it, or why it is refused. Rejects if the engine does not answer. */
export async function judgeClassic(
  body: Buffer,
  query: string,
  owner: string,
  asking: Asking,
): Promise<ClassicBuild | Refusal> {
  try {
    return await judge(body, query, owner, asking);
  } catch (error) {
    return refusalIn(error);
  }
}
