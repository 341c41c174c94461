/** `tetherdock client add`: gives access to another person, machine or tool. */
import { resolve } from "node:path";
import { addClient, type Issued, type NewClient } from "../../app/clients/index.ts";
import { pickLine } from "../../app/lines/index.ts";
import { TetherdockError } from "../../base/index.ts";
import { lineEndpoint } from "../../line/index.ts";
import { makeKeyPair } from "../../pki/index.ts";
import { DEFAULT_ROLE, presetOf } from "../../policy/index.ts";
import { readText } from "../../system/files/file-error.ts";
import { writeIssued } from "../../system/identity/issued-files.ts";
import { gatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";
import { askPassphrase } from "../host/passphrase.ts";
import { warning } from "../output/warn.ts";
import { clientAddJobs } from "./add-jobs.ts";
import type { AddFlags } from "./flags.ts";
import { filesIn, type Place, snippetOf } from "./snippets.ts";

interface Key {
  readonly publicKey: string;
  /** Of a key that is made here, for a tool. */
  readonly privateKey?: string;
}

async function keyOf({ publicKey: path, for: preset }: AddFlags): Promise<Key> {
  if (path !== undefined) return { publicKey: await readText(path) };
  if (preset !== undefined) return makeKeyPair();
  throw new TetherdockError("USAGE", "client add needs the client's public key", {
    why: [
      "a person makes their own key, and it stays on their machine; with --for, tetherdock makes the tool's key here",
    ],
    hints: [
      "tetherdock client invite NAME   # a person, whose machine makes the key",
      "tetherdock client add NAME --public-key FILE",
      "tetherdock client add NAME --for TOOL",
    ],
  });
}

/** Where the files go and what they connect to; null: the certificate is printed. */
async function placeOf(context: Context, name: string, flags: AddFlags): Promise<Place | null> {
  const out = flags.out ?? (flags.for === undefined ? undefined : name);
  if (out === undefined) return null;
  const { host, port } = lineEndpoint(await context.lines.read(await pickLine(context, flags.line)));
  return { host, port, folder: filesIn(flags.for, out, host) };
}

/** The key comes first, and the certificate last. */
async function deliver(
  place: Place | null,
  { privateKey }: Key,
  { ca, certificate }: Issued,
): Promise<() => Promise<void>> {
  if (place === null) return async () => {};
  const key = privateKey === undefined ? {} : { "key.pem": privateKey };
  return writeIssued(place.folder, { ...key, "ca.pem": ca, "cert.pem": certificate });
}

function tellHowToUse(context: Context, flags: AddFlags, place: Place): void {
  const { stdout, stderr } = context;
  if (flags.for === undefined) return;
  const { note, role } = presetOf(flags.for);
  stdout.lines(snippetOf(flags.for, { ...place, folder: resolve(context.cwd, place.folder) }));
  if (note !== "")
    stderr.line(
      `${flags.role === undefined || flags.role === role ? "note" : `with the role ${role}`}: ${note}`,
    );
}

/** For a tool there is no key file to name. */
function againFor({ for: preset, publicKey }: AddFlags, name: string): Pick<NewClient, "again"> {
  if (preset === undefined || publicKey !== undefined) return {};
  const words = ["tetherdock", "client", "add", name, "--for", preset];
  return { again: (role, line) => [...words, "--role", role, "--line", line] };
}

/** The certificate is printed, or written with the CA's to `--out`: neither is a secret. */
export async function clientAdd(this: Context, flags: AddFlags, name: string): Promise<void> {
  const { line, expires: expiresIn, oidc } = flags;
  if (oidc !== undefined) {
    await clientAddJobs(this, { ...flags, oidc }, name);
    return;
  }
  const key = await keyOf(flags);
  const place = await placeOf(this, name, flags);
  const role = flags.role ?? (flags.for === undefined ? DEFAULT_ROLE : presetOf(flags.for).role);
  const issued: Issued[] = [];
  const ports = {
    ...gatewayPorts(this),
    clock: this.clock,
    ...warning(this),
    passphrase: (one: string) => askPassphrase(this, one),
    deliver: (made: Issued) => {
      issued.push(made);
      return deliver(place, key, made);
    },
  };
  await addClient(ports, { line, name, publicKey: key.publicKey, role, expiresIn, ...againFor(flags, name) });
  // Printed only once the client is let in: a script that keeps what it reads keeps what works.
  if (place === null) for (const { certificate } of issued) this.stdout.data(certificate);
  else {
    const folder = place.folder;
    this.stderr.line(
      key.privateKey === undefined
        ? `give ${name} the two files in ${folder}; with their key.pem in one folder, it is their DOCKER_CERT_PATH`
        : `${name} has the role ${role}; its key and certificates are in ${folder}`,
    );
    tellHowToUse(this, flags, place);
  }
}
