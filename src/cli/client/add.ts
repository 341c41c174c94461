/** `tetherdock client add`: another person or machine gets in, with a key that was made where it is used. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { addClient, type Issued } from "../../app/clients/index.ts";
import { createFile } from "../../system/files/atomic-file.ts";
import { withFile } from "../../system/files/file-error.ts";
import { gatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";
import { askPassphrase } from "../host/passphrase.ts";
import type { AddFlags } from "./flags.ts";

const CERTIFICATE_MODE = 0o644;

async function write(folder: string, { ca, certificate }: Issued): Promise<void> {
  await withFile("make", folder, () => mkdir(folder, { recursive: true }));
  await createFile(join(folder, "ca.pem"), ca, CERTIFICATE_MODE);
  await createFile(join(folder, "cert.pem"), certificate, CERTIFICATE_MODE);
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
    deliver: async (made: Issued) => {
      issued.push(made);
      if (out !== undefined) await write(out, made);
    },
  };
  await addClient(ports, { line, name, publicKey, role, expiresIn });
  // Printed only once the client is let in: a script that keeps what it reads keeps what works.
  if (out === undefined) for (const { certificate } of issued) this.stdout.data(certificate);
  else
    this.stderr.line(
      `give ${name} the two files in ${out}; beside their key.pem they are a DOCKER_CERT_PATH`,
    );
}
