/** Joining by invitation, with its files beside the client list. */
import { Enrolment, type Gateway, type GatewayConfig } from "../../../gateway/index.ts";
import type { ListInForce } from "../../../identity/index.ts";
import { invitationFile } from "./invitation-file.ts";
import { createIssuer, type IssuerParts, issuingCaPath } from "./issuing-ca.ts";

export interface EnrolmentNeeds extends Pick<IssuerParts, "lineCa" | "onMade"> {
  readonly gateway: Gateway;
  readonly clients: ListInForce;
  readonly config: GatewayConfig;
}

export function makeEnrolment({ gateway, clients, config, ...needs }: EnrolmentNeeds): Enrolment {
  const issuer = createIssuer({ path: issuingCaPath(config.clients), clock: gateway.clock, ...needs });
  return new Enrolment({ store: invitationFile(config.clients), clients, issuer, gateway });
}
