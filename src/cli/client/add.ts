/** `tetherdock client add`: gives access to another person or machine, whose key was made where it is used. */
import { readFile } from "node:fs/promises";
import { addClient, type Issued } from "../../app/clients/index.ts";
import { withFile } from "../../system/files/file-error.ts";
import { writeIssued } from "../../system/identity/issued-files.ts";
import { gatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";
import { askPassphrase } from "../host/passphrase.ts";
import type { AddFlags } from "./flags.ts";

async function deliver(
  folder: string | undefined,
  { ca, certificate }: Issued,
): Promise<() => Promise<void>> {
  if (folder === undefined) return async () => {};
  return writeIssued(folder, { "ca.pem": ca, "cert.pem": certificate });
}

/** The certificate is printed, or written with the CA's to `--out`: neither is a secret. */
export async function clientAdd(this: Context, flags: AddFlags, name: string): Promise<void> {
  const { line, role, expires: expiresIn, out } = flags;
  const publicKey = await withFile("read", flags.publicKey, () => readFile(flags.publicKey, "utf8"));
  const issued: Issued[] = [];
  const ports = {
    ...gatewayPorts(this),
    clock: this.clock,
    passphrase: (one: string) => askPassphrase(this, one),
    deliver: (made: Issued) => {
      issued.push(made);
      return deliver(out, made);
    },
  };
  await addClient(ports, { line, name, publicKey, role, expiresIn });
  // Printed only once the client is let in: a script that keeps what it reads keeps what works.
  if (out === undefined) for (const { certificate } of issued) this.stdout.data(certificate);
  else
    this.stderr.line(
      `give ${name} the two files in ${out}; with their key.pem in one folder, it is their DOCKER_CERT_PATH`,
    );
}
