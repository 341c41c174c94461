/** `GET` and `PUT /tetherdock/v1/certificate`: the server certificate that the gateway shows to clients. */
import { json } from "../../base/index.ts";
import { type AdminAnswer, type AdminRequest, malformed, refused } from "../admin-port.ts";
import type { Recording } from "../joining/enrolment.ts";
import type { ServerCertificate } from "../ports.ts";

interface Parts {
  readonly certificate: ServerCertificate;
  readonly gateway: Pick<Recording, "note">;
}

const readBody = json.object<{ readonly certificate: string }>({ certificate: { read: json.words(8_192) } });

export async function showServerCertificate({ certificate }: Parts): Promise<AdminAnswer> {
  return { status: 200, value: { certificate: await certificate.read() } };
}

export async function replaceServerCertificate(
  { certificate, gateway }: Parts,
  { body, client }: AdminRequest,
): Promise<AdminAnswer> {
  const read = json.read(body.toString("utf8"), readBody);
  if ("problems" in read) return malformed(read.problems);
  const problem = await certificate.replace(read.value.certificate);
  if (problem !== null) return refused(409, `the certificate is not taken: ${problem}`);
  gateway.note("admin", client, "server-certificate", "");
  return showServerCertificate({ certificate, gateway });
}
