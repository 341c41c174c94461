/** Of a builder: what runs containers, other people's images, and images that come or go in another way. */
import { image, tar } from "../support/tar.ts";
import { call } from "./attempts.ts";
import { INNER } from "./builds.ts";
import { type Escape, HOST_FILE } from "./escape.ts";

const TAR = { "Content-Type": "application/x-tar" };
/** Engines before 23 want it, also if it says nothing. */
const NO_LOGIN = { headers: { "X-Registry-Auth": "e30=" } };
const CLOSED = "it is not part of the role|push and pull instead|build with a Dockerfile|does not say whose";

/** `{theirs}` is an image that another client built, `{mine}` one of the caller's, which another client calls `{shared}` too. */
export const images: readonly Escape[] = [
  call("a container that binds /", "POST /containers/create", CLOSED, {
    body: { Image: "tiny", Cmd: ["cat", `/host${HOST_FILE}`], HostConfig: { Binds: ["/:/host"] } },
  }),
  call("a container", "POST /containers/create", CLOSED, { body: { Image: "{mine}" } }),
  call("starting a container", "POST /containers/{container}/start", CLOSED),
  call("an exec", "POST /containers/{container}/exec", CLOSED, { body: { Cmd: ["id"] } }),
  call("the list of containers", "GET /containers/json?all=1", CLOSED, {}, "{container}"),
  call("a container's files", "GET /containers/{container}/export", CLOSED),
  // Without a pause: others start the container meanwhile.
  call("a commit of a container", "POST /commit?container={container}&pause=0&repo=committed{n}", CLOSED),
  call("a volume", "POST /volumes/create", CLOSED, { body: { Name: "volume{n}" } }),
  call("a network", "POST /networks/create", CLOSED, { body: { Name: "network{n}" } }),

  call(
    "pushing another's image",
    "POST /images/127.0.0.1:1/{theirs}/push?tag=latest",
    "check builder",
    NO_LOGIN,
  ),
  call(
    "pushing an image that nobody built",
    "POST /images/127.0.0.1:1/tiny/push?tag=latest",
    "check builder",
    NO_LOGIN,
  ),
  call("pushing all tags", "POST /images/127.0.0.1:1/{mine}/push", "check push", NO_LOGIN),
  call("another's image under a new name", "POST /images/{theirs}/tag?repo=new{n}", "check builder"),
  call(
    "another's image by its ID under a new name",
    "POST /images/{theirsId}/tag?repo=new{n}",
    "check builder",
  ),
  call("another's name", "POST /images/{mine}/tag?repo={theirs}", "check imageName", { spoils: true }),
  call(
    "another's name in full",
    "POST /images/{mine}/tag?repo=docker.io%2Flibrary%2F{theirs}&tag=latest",
    "check imageName",
    {
      spoils: true,
    },
  ),
  call("a name like an ID", "POST /images/{mine}/tag?repo=abcdefabcde{n}", "check imageName"),
  call("removing another's image", "DELETE /images/{theirs}", "check builder", { spoils: true }),
  call("removing another's image by its ID", "DELETE /images/{theirsId}?force=1", "check query", {
    spoils: true,
  }),
  call("removing all names of an image", "DELETE /images/{mineId}?force=1", "check query", { spoils: true }),

  call("an image from an archive", "POST /images/load?quiet=1", CLOSED, {
    ...{ body: image("{theirs}", {}), headers: TAR, spoils: true },
  }),
  call("an image from files", "POST /images/create?fromSrc=-&repo=imported{n}", "check query|too large", {
    ...{ body: tar({ x: "y" }), headers: TAR },
  }),
  call(
    "a context that the engine fetches",
    `POST /build?remote=${encodeURIComponent(`${INNER}/Dockerfile`)}`,
    "check source",
    {},
    "built from the host",
  ),
  call("images in one archive", "GET /images/get?names={theirs}", CLOSED, {}, "manifest.json"),
  call("an image's history", "GET /images/{theirs}/history", CLOSED),
  call("the build cache's prune", "POST /build/prune", CLOSED),
];
