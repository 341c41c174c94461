/**
 * Refusals of buildx's own builder. When the gateway refuses a build, buildx does not say so: it starts a builder of its own, in
 * a privileged container, and prints only the refusal of that.
 * @see https://github.com/docker/buildx, driver/docker-container
 */
import { type OperationCall, operations } from "../engine/index.ts";
import type { Decision, Deny, Verdict } from "./decision.ts";
import { readParameters } from "./query.ts";
import type { Role } from "./roles/compile.ts";

const IMAGE = /^(?:docker\.io\/)?moby\/buildkit(?::|$)/;
const CONTAINER = /^\/?buildx_buildkit_/;

const parameter = (query: string, wanted: string): string =>
  readParameters(query)?.find(([name]) => name === wanted)?.[1] ?? "";

function startsBuilder({ operation, params, query }: OperationCall): boolean {
  if (operation.name === "ImageCreate") return IMAGE.test(parameter(query, "fromImage"));
  if (operation.name === "ContainerCreate") return CONTAINER.test(parameter(query, "name"));
  return operation.name === "ContainerInspect" && CONTAINER.test(params["id"] ?? "");
}

const BUILDS = operations.filter(({ name }) => name === "Grpc" || name === "ImageBuild");

const hint = ({ decisions }: Role): string =>
  BUILDS.some((build) => decisions.get(build)?.allow !== false)
    ? "buildx starts a builder of its own because it does not build with the engine's: try docker buildx use default, or DOCKER_BUILDKIT=0, which works on every engine or says why not"
    : "buildx starts a builder of its own because this role may not build here: ask an admin for a role that may build";

/** @returns the refusal, which says why buildx made the call; 404 only tells buildx that its builder does not exist yet */
function withHint(denied: Deny, role: Role): Deny {
  return denied.status === 404 ? denied : { ...denied, reason: `${denied.reason}; ${hint(role)}` };
}

const verdictWithHint = (verdict: Verdict, role: Role): Verdict =>
  verdict.allow ? verdict : withHint(verdict, role);

/** @returns the decision; if buildx makes the call to start a builder, its refusal tells the user why */
export function explainBuilder(decision: Decision, call: OperationCall, role: Role): Decision {
  if (decision.allow === true || !startsBuilder(call)) return decision;
  if (decision.allow === false) return withHint(decision, role);
  return {
    ...decision,
    judge: (body, judged, asking) => {
      const verdict = decision.judge(body, judged, asking);
      return verdict instanceof Promise
        ? verdict.then((one) => verdictWithHint(one, role))
        : verdictWithHint(verdict, role);
    },
  };
}
