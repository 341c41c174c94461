/** Joining by invitation and renewing, with their files beside the client list. */
import { Enrolment, type Gateway, type GatewayConfig, Renewals } from "../../../gateway/index.ts";
import type { ListInForce } from "../../../identity/index.ts";
import { invitationFile } from "./invitation-file.ts";
import { createIssuer, type IssuerParts, issuingCaPath } from "./issuing-ca.ts";
import { renewalFiles } from "./renewal-files.ts";

export interface EnrolmentNeeds extends Pick<IssuerParts, "lineCa" | "onMade"> {
  readonly gateway: Gateway;
  readonly clients: ListInForce;
  readonly config: GatewayConfig;
}

export interface Enrolling {
  readonly enrolment: Enrolment;
  readonly renewals: Renewals;
}

export function makeEnrolment({ gateway, clients, config, ...needs }: EnrolmentNeeds): Enrolling {
  const issuer = createIssuer({ path: issuingCaPath(config.clients), clock: gateway.clock, ...needs });
  const parts = { clients, issuer, gateway };
  return {
    enrolment: new Enrolment({ store: invitationFile(config.clients), ...parts }),
    renewals: new Renewals({ store: renewalFiles(config.clients), ...parts }),
  };
}
