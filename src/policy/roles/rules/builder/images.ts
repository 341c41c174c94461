/**
 * Images that the client built, by the label that the gateway gives each of them: their names, their push, their removal. A name
 * of somebody else's image is neither given nor sent anywhere.
 */
import { isTrue } from "../../../../engine/index.ts";
import type { Asking, FoundImage } from "../../../asking.ts";
import { readImageName } from "../../../body/image-name.ts";
import { allHarmless, struct, text } from "../../../body/mark.ts";
import { BUILDER_LABEL } from "../../../build/attributes.ts";
import { checkName } from "../../../build/exporters.ts";
import { refusal, refusalIn } from "../../../refusal.ts";
import type { RuleVerdict } from "../../rule.ts";
import { type Judged, judgedBy } from "../deployer/judging.ts";
import { keepProblem } from "../deployer/keeps.ts";
import { NO_KEY } from "../deployer/own.ts";
import { targetOf } from "../deployer/query/query.ts";

const isImage = (found: FoundImage | RuleVerdict): found is FoundImage => "id" in found;

/** @returns the image that the client built, or why the call is refused: images are no secret, so the reason is told */
async function findBuilt(ref: string, { owner, engine }: Asking): Promise<FoundImage | RuleVerdict> {
  if (owner === null) return NO_KEY;
  const found = await engine.findImage(ref);
  if (found === null) return { missing: `No such image: ${ref}` };
  return found.labels[BUILDER_LABEL] === owner
    ? found
    : refusal(
        "builder",
        `you did not build the image ${JSON.stringify(ref.slice(0, 80))}; use one that you built`,
      );
}

async function refuseName(name: string, { owner, engine }: Asking): Promise<RuleVerdict | null> {
  try {
    checkName(name, "the new name");
    // it brings the protobuf library
    const { checkNames } = await import("../../../build/naming.ts");
    await checkNames([name], owner ?? "", engine);
    return null;
  } catch (error) {
    return refusalIn(error);
  }
}

/** The engine gets the ID of the image that was looked at. */
export const tag: Judged = async (body, call, query, asking) => {
  const [repo = "", label = ""] = [query.get("repo"), query.get("tag")];
  if (repo === "") return refusal("query", "repo is missing");
  const image = await findBuilt(call.params["name"] ?? "", asking);
  if (!isImage(image)) return image;
  const refused = await refuseName(label === "" ? repo : `${repo}:${label}`, asking);
  const problem = refused ?? keepProblem(body, asking);
  return problem ?? { body, target: targetOf(call, { name: image.id }, query) };
};

/** Without a tag, the engine sends all tags of the repository, whoever gave them. */
export const push: Judged = async (body, call, query, asking) => {
  const name = call.params["name"] ?? "";
  const label = query.get("tag") ?? "";
  if (label === "") return refusal("push", "name one tag, as in NAME:TAG; --all-tags is not allowed");
  const full = `${name}:${label}`;
  if (readImageName(full) === null)
    return refusal("push", `${JSON.stringify(full.slice(0, 80))} is not a name with a tag`);
  const image = await findBuilt(full, asking);
  return isImage(image) ? { body, target: targetOf(call, { name }, query) } : image;
};

const isIdOf = (ref: string, id: string): boolean =>
  /^(?:sha256:)?[0-9a-f]+$/.test(ref) && id.startsWith(ref.startsWith("sha256:") ? ref : `sha256:${ref}`);

/** A name stays a name: the engine removes it, and the image with its last one. */
export const remove: Judged = async (body, call, query, asking) => {
  if (isTrue(query.get("force")))
    return refusal("query", "--force also removes names that others gave; leave it out");
  const ref = call.params["name"] ?? "";
  const image = await findBuilt(ref, asking);
  if (!isImage(image)) return image;
  return { body, target: targetOf(call, { name: isIdOf(ref, image.id) ? image.id : ref }, query) };
};

const credentials = struct(
  allHarmless(
    text,
    "username password auth email serveraddress identitytoken registrytoken",
    "the client's own login, and the registry that it is for",
  ),
);

/** `docker login`: the engine asks the registry. */
export const login: Judged = judgedBy(credentials, (body, call, query) => ({
  body,
  target: targetOf(call, {}, query),
}));
