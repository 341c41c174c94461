/** What happens during a visit and a fix, for people. */
import type { FixEvent, VisitEvent } from "../../app/doctor/index.ts";
import { counted } from "../../base/index.ts";

/** @returns a few words without a full stop */
export function renderVisit(event: VisitEvent): string {
  switch (event.kind) {
    case "inspecting":
      return `inspecting ${event.target} from inside`;
    case "probing":
      return `probing from outside: ${event.done} of ${event.of} endpoints`;
    case "asking-gateway":
      return `asking the gateway of ${event.line} for its client list`;
  }
}

/** @returns a line for stderr */
export function renderFix(event: FixEvent): string {
  switch (event.kind) {
    case "by-hand":
      return `${event.name}: ${counted(event.findings, "finding")} to fix by hand, as shown above`;
    case "no-destination":
      return `${event.name}: only an address is known; to fix it: tetherdock up user@host`;
    case "by-up":
      return `${event.name}: ${counted(event.findings, "finding")} for tetherdock up ${event.target ?? "--local"}`;
  }
}
