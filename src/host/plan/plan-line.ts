/** The plan for a line, by its mode. */
import type { HostFacts } from "../../facts/index.ts";
import type { Plan } from "./change.ts";
import { checkDisabled, checkDropIns, rootlessWarnings } from "./checks/check-docker-units.ts";
import { placePlan } from "./checks/check-places.ts";
import type { DesiredState } from "./desired-state.ts";
import { planGateway } from "./gateway/plan-gateway.ts";
import { planNative } from "./plan-native.ts";
import type { Survey } from "./survey.ts";

/**
 * Facts and desired state to plan; pure.
 * @param survey of the same facts
 * @throws what {@link planNative}, {@link planGateway} and {@link placePlan} throw, DOCKER_DISABLED, DROP_IN_OVERRULED: nothing has been changed then
 */
export function planLine(facts: HostFacts, survey: Survey, desired: DesiredState): Plan {
  checkDisabled(facts);
  const { gateway } = desired;
  const plan = gateway ? planGateway(facts, survey, desired, gateway) : planNative(facts, survey, desired);
  checkDropIns(facts, plan);
  return placePlan(facts, { ...plan, warnings: [...plan.warnings, ...rootlessWarnings(facts)] });
}
