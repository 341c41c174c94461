/** `docker system df`: the images, which are shared, and of the rest what is the owner's. */
import type { Answer } from "../../../../answers/index.ts";
import { showPlain } from "../../../../answers/mark.ts";
import { refusal } from "../../../../refusal.ts";
import type { Judged } from "../judging.ts";
import { NO_KEY, ownIn, shownBy } from "../own.ts";
import { targetOf } from "../query/query.ts";
import { shownToDeployer } from "../shown.ts";

/** From this one on, the engine sends sums over everybody's things. */
const SUMS_FROM = [1, 52] as const;

function hasSums(version: string | null): boolean {
  const [major = 0, minor = 0] = (version ?? "0.0").split(".").map(Number);
  return major > SUMS_FROM[0] || (major === SUMS_FROM[0] && minor >= SUMS_FROM[1]);
}

/** API 1.25 may describe a list of lists. */
const flat = (values: unknown): unknown => (Array.isArray(values) ? values.flat() : values);

interface Usage {
  readonly LayersSize?: unknown;
  readonly Images?: unknown;
  readonly Containers?: unknown;
  readonly Volumes?: unknown;
}

/** Nothing says whose the build cache is. What is not named here, such as sums, is left out. */
const ownUsage = (owner: string): Answer =>
  shownBy((value) => {
    const { LayersSize, Images, Containers, Volumes } = (value ?? {}) as Usage;
    return {
      LayersSize: showPlain(LayersSize),
      Images: shownToDeployer("ImageList")?.mark.show(Images) ?? [],
      Containers: ownIn(flat(Containers), owner),
      Volumes: ownIn(Volumes, owner),
      BuildCache: [],
    };
  });

export const usage: Judged = (body, call, query, { owner }) => {
  if (owner === null) return NO_KEY;
  return hasSums(call.version)
    ? refusal(
        "sums",
        "with this API version the engine counts everybody's things; set DOCKER_API_VERSION=1.51",
      )
    : { body, target: targetOf(call, {}, query), answer: ownUsage(owner) };
};
