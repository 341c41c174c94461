/**
 * Builds by the classic builder: `POST /build` with an archive, which is read whole. The code that judges it is loaded with the
 * first build.
 */
import type { OperationCall } from "../../../../../engine/index.ts";
import type { Asking } from "../../../../asking.ts";
import { ARCHIVE_BYTES } from "../../../../body/tar.ts";
import { refusal } from "../../../../refusal.ts";
import type { JudgeRule, RuleVerdict } from "../../../rule.ts";
import { NO_KEY } from "../own.ts";
import { targetOf } from "../query/query.ts";
import { refuseEncoded } from "./archives.ts";

async function judge(body: Buffer, call: OperationCall, asking: Asking): Promise<RuleVerdict> {
  const { owner, upgrade } = asking;
  if (owner === null) return NO_KEY;
  if (upgrade !== "") return refusal("upgrade", "the connection cannot be upgraded");
  const encoded = refuseEncoded(asking);
  if (encoded !== null) return encoded;
  const { judgeClassic } = await import("../../../../classic/index.ts");
  const judged = await judgeClassic(body, call.query, owner, asking);
  if ("refuse" in judged) return judged;
  return { body: judged.body, target: `${targetOf(call, {}, new Map())}?${judged.query}` };
}

/** @param id of the rule */
export const classicBuildRule = (id: string): JudgeRule => ({
  id,
  covers: ({ name }) => name === "ImageBuild",
  maxBytes: ARCHIVE_BYTES,
  byBody: true,
  tooLarge:
    "the classic builder's files may have 4 MiB at most in this role; build with buildx, without DOCKER_BUILDKIT=0, or leave files out with .dockerignore",
  judge,
});
