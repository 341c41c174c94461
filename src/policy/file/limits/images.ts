/** `images`: which images a role may pull and run. */

import { someOf } from "../../../base/index.ts";
import { fullName, type ImageName, readImageName } from "../../body/image-name.ts";
import { listAt, objectAt, textAt } from "../../body/json/fields.ts";
import { isObject, type JsonObject } from "../../body/json/value.ts";
import { matchesPath } from "../glob.ts";
import { described, flag, list, matching, optional } from "../shape.ts";
import { type Check, CREATES, type Limit, limitShape, quoted, SERVICES, type Setting } from "./limit.ts";

export interface Images extends Setting {
  readonly allow: readonly string[];
  readonly digest: boolean;
}

/** Without a tag: a tag says nothing of an image that is named by its digest. */
export const REPOSITORIES = /^(?:[A-Za-z0-9.*[\]-]+(?::\d{1,5})?\/)?(?:[a-z0-9._*-]+\/)*[a-z0-9._*-]+$/;
const RULE =
  "a repository without a tag, such as nginx or ghcr.io/team/*; ** at the end stands for all that follows";

/** Which repositories are allowed. Those without `*`, which long lists are made of, are found at once. */
export function matcher(allow: readonly string[]): (name: ImageName) => boolean {
  const full = allow.map(fullName);
  const hasStar = (segments: readonly string[]) => segments.some((segment) => segment.includes("*"));
  const exact = new Set(full.filter((segments) => !hasStar(segments)).map((segments) => segments.join("/")));
  const globs = full.filter(hasStar);
  return ({ segments }) => exact.has(segments.join("/")) || globs.some((glob) => matchesPath(glob, segments));
}

const SHOWN = 3;

export const shown = (allow: readonly string[]): string => someOf(allow, SHOWN);

function judgeOf({ allow, digest }: Images): (text: string, place: string) => string | null {
  const matches = matcher(allow);
  return (text, place) => {
    const is = `${place} is ${quoted(text)}`;
    const name = readImageName(text);
    if (name === null) return `${is}, which may be an ID: name the image by its repository`;
    if (!matches(name)) return `${is}: use an image from ${shown(allow)}`;
    return digest && !name.hasDigest
      ? `${is}: add its digest, as in ${text.slice(0, 80).split("@")[0]}@sha256:…`
      : null;
  };
}

/** Mounts of the type `image` read an image's files. */
function mountedImages(fields: JsonObject): string[] {
  return listAt(objectAt(fields, "HostConfig"), "Mounts")
    .filter(isObject)
    .filter((mount) => mount.get("Type") === "image")
    .map((mount) => textAt(mount, "Source"));
}

/** The engine takes `tag` instead of the tag and the digest that the name has, and it may be a digest. */
function pulled(name: string, tag: string): string {
  if (tag === "") return name;
  const [plain = ""] = name.split("@");
  const repository = plain.replace(/:[^:/]*$/, "");
  return `${repository}${tag.includes(":") ? "@" : ":"}${tag}`;
}

const BUILDS = "a build could start from any image; this role's images are limited, so it cannot build";

function checks(setting: Images): Readonly<Record<string, Check>> {
  const judge = judgeOf(setting);
  return {
    ContainerCreate: ({ fields }) => {
      const problem = judge(textAt(fields, "Image"), "Image");
      if (problem !== null) return problem;
      for (const mounted of mountedImages(fields)) {
        const wrong = judge(mounted, "HostConfig.Mounts[].Source");
        if (wrong !== null) return wrong;
      }
      return null;
    },
    ImageCreate: ({ query }) =>
      judge(pulled(query.get("fromImage") ?? "", query.get("tag") ?? ""), "fromImage"),
    Grpc: () => BUILDS,
    ImageBuild: () => BUILDS,
    Session: () => BUILDS,
  };
}

export const images: Limit<Images> = {
  shape: limitShape({
    allow: described(
      "Repositories that may be pulled and run, with * for a part of one",
      list(matching(REPOSITORIES, RULE), 1000),
    ),
    digest: optional("Images must be named by their digest", false, flag),
  }),
  checks,
  needs: CREATES,
  evadedBy: [...SERVICES, "ImageTag", "ImageLoad", "ImageCommit"],
};
