/**
 * By the files that a build's session sends: the engine creates them as root on the host, and opens the Dockerfile. The attempts
 * hide a device from who looks at the messages: readers of protobuf differ in what of an unknown group they accept.
 */
import { STATUS } from "../../src/policy/build/messages.ts";
import { type Message, one, text, write } from "../../src/policy/build/wire.ts";
import { PACKET } from "../support/policy/upload-model.ts";

/** A disk that no machine has: 8:0 opens where there is one. */
const DEVICE = write({ stat: { path: "Dockerfile", mode: 0x4000000n + 0o600n, devmajor: 8n } }, PACKET);

const [BEGIN, END] = [3, 4];
const tag = (field: number, wire: number): number => field * 8 + wire;
const times = (count: number, byte: number): number[] => Array<number>(count).fill(byte);

export interface UploadEscape {
  readonly name: string;
  /** What the session sends of a Dockerfile. */
  readonly packet: Uint8Array;
  /** The first Engine that no longer reads it. */
  readonly until?: number;
}

const behind = (name: string, ...group: readonly number[]): UploadEscape => ({
  name: `a Dockerfile that is a device, behind ${name}`,
  packet: Buffer.concat([Buffer.from(group), DEVICE]),
});

export const uploads: readonly UploadEscape[] = [
  { name: "a Dockerfile that is a device", packet: DEVICE },
  {
    ...behind(
      "a group in one that ends as another",
      ...[tag(15, BEGIN), tag(14, BEGIN), tag(13, END), tag(15, END)],
    ),
    until: 28,
  },
  behind("200 groups", ...times(200, tag(15, BEGIN)), ...times(200, tag(15, END))),
  { ...behind("a group with a field 0", tag(15, BEGIN), tag(0, 0), 1, tag(15, END)), until: 28 },
  { ...behind("a field whose number has 30 bits", 0x80, 0x80, 0x80, 0x80, 0x10, 1), until: 28 },
];

/**
 * fsutil's receiver refuses `../x`, but not `.`, and replaces what is there: here the folder of the upload.
 * @returns what a session sends to have a folder `made` in this one of the host
 */
export const through = (folder: string): readonly Uint8Array[] => [
  write({ stat: { path: ".", mode: 0x8000000n + 0o777n, linkname: folder } }, PACKET),
  write({ stat: { path: "made", mode: 0x80000000n + 0o755n } }, PACKET),
];

const LINK = 0x8000000n + 0o777n;
const listed = (stat: Message): Uint8Array => write({ stat }, PACKET);

/** Uploads, one after the other, that write a file of the host: the receiver makes a changed file under a name that can be guessed. */
export const guessed = {
  /** @param version another one is another file for the receiver */
  file: (name: string, content: string, version: bigint): Uint8Array =>
    listed({ path: name, mode: 0o644n, size: BigInt(content.length), modTime: version }),
  /** A link that cannot be made, in place of the file: the error has the digits of a temporary name. */
  broken: (name: string): Uint8Array => listed({ path: name, mode: LINK }),
  /** @param error of the broken link @returns links to `target` under each name that the next temporary file may have */
  links(error: string, target: string): Uint8Array[] {
    const [, digits] = /\.tmp\.(\d{9})/.exec(error) ?? [];
    if (digits === undefined) return [];
    const states = [0n, 1n, 2n, 3n, 4n].map((billions) => BigInt(digits) + billions * 1_000_000_000n);
    const next = states.map((state) => BigInt.asUintN(32, state * 1_664_525n + 1_013_904_223n));
    const names = next.map((state) => `.tmp.${`${state % 1_000_000_000n}`.padStart(9, "0")}`);
    return names.sort().map((path) => listed({ path, mode: LINK, linkname: target }));
  },
};

/**
 * Where users are mapped, the receiver leaves out what belongs to a user whom it cannot map, but takes it for listed.
 * @returns two uploads: a link; then, as if it were a folder, a file in it
 */
export const unmapped = (target: string): readonly (readonly Uint8Array[])[] => [
  [guessed.file("Dockerfile", "", 1n), listed({ path: "link", mode: LINK, linkname: target })],
  [
    guessed.file("Dockerfile", "", 1n),
    listed({ path: "link", mode: FOLDER, uid: 2n ** 32n - 2n }),
    listed({ path: "link/made", mode: 0o644n }),
  ],
];

/** Of a folder: everybody may do everything with what is made in it later, whatever the umask. @see Linux, posix_acl_xattr.h */
export const FOR_EVERYBODY = Buffer.from(
  `02000000${["01", "04", "20"].map((who) => `${who}000700ffffffff`).join("")}`,
  "hex",
);

const FOLDER = 0x80000000n + 0o755n;

/** @param rest what is listed after the folder `d` */
const inFolder = (content: string, ...rest: readonly Uint8Array[]): readonly Uint8Array[] => [
  guessed.file("Dockerfile", content, 1n),
  listed({ path: "d", mode: FOLDER }),
  ...rest,
];

/**
 * Files of a build whose digest is another client's, while they are others. Each file has the content of the Dockerfile, and the
 * other client's `d/e/f` too, behind `before`.
 */
export const poisoned = {
  /** With an ACL, which the engine's digest leaves out. */
  acl: {
    before: "",
    files: (content: string) =>
      inFolder(
        content,
        listed({
          ...{ path: "d/e", mode: FOLDER },
          xattrs: [{ key: "system.posix_acl_default", value: FOR_EVERYBODY }],
        }),
        guessed.file("d/e/f", content, 1n),
      ),
  },
  /** The beginning of the file is an attribute, whose name and value are hashed before the content. Linux does not accept it. */
  beginning: {
    before: "#!\n",
    files: (content: string) =>
      inFolder(
        content,
        listed({ path: "d/e", mode: FOLDER }),
        listed({
          ...{ path: "d/e/f", mode: 0o644n, size: BigInt(content.length + 3) },
          xattrs: [{ key: "#", value: Buffer.from("!\n") }],
        }),
      ),
  },
  /** Another name of the file has another mode, which the engine sets on the file, and not in its digest. */
  hardLink: {
    before: "",
    files: (content: string) =>
      inFolder(
        content,
        listed({ path: "d/e", mode: FOLDER }),
        guessed.file("d/e/f", content, 1n),
        listed({
          ...{ path: "z", mode: 0o777n, linkname: "d/e/f" },
          size: BigInt(content.length),
          modTime: 1n,
        }),
      ),
  },
  /** A folder that names another one has that one's digest. The zero byte is a slash in the engine's cache. */
  folder: {
    before: "",
    files: (content: string) =>
      inFolder(
        content,
        listed({ path: "d/e", mode: 0x80000000n + 0o777n, linkname: "d\0" }),
        guessed.file("d/e/f", content, 1n),
      ),
  },
};

/** Of an answer with a login; not a packet of an upload. */
export const LOGIN_ONLY = write({ name: "me" }, { 1: one("name", text) });

/** BuildKit compares the lines of the stacks that come with an error. */
const STACK = {
  type_url: "github.com/moby/buildkit/stack.Stack+json",
  value: Buffer.from('{"frames":[null,{"Name":"a"}]}'),
};

/** @param unique in the Dockerfile, for a step that is not in the cache @returns a session on which the engine's call for a secret fails */
export function failingSession(unique: string) {
  const file = `FROM tiny\nRUN --mount=type=secret,id=k,required=true echo ${unique}\n`;
  const details = write({ code: 2n, message: "no", details: [STACK, STACK] }, STATUS);
  return {
    sent: [
      write({ stat: { path: "Dockerfile", mode: 0o644n, size: BigInt(file.length) } }, PACKET),
      new Uint8Array(),
    ],
    file,
    failure: {
      "grpc-status": "2",
      "grpc-status-details-bin": Buffer.from(details).toString("base64").replace(/=+$/, ""),
    },
  };
}
