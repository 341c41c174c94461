/** What a deployer is shown of images and the engine: what a viewer is, without what reveals other people's containers. */
import { type Answer, answers } from "../../../answers/index.ts";
import type { AllowRule } from "../../rule.ts";

/** Images and the engine are shared. */
const READS: ReadonlySet<string> = new Set([
  ...["SystemPing", "SystemPingHead", "SystemVersion", "SystemInfo", "ImageList", "ImageInspect"],
]);

/** Fields that reveal containers, by operation. */
const CONTAINERS: Readonly<Record<string, readonly string[]>> = {
  SystemInfo: ["Containers", "ContainersRunning", "ContainersPaused", "ContainersStopped"],
  ImageList: ["Containers", "Manifests.ImageData.Containers"],
  ImageInspect: ["Container", "Manifests.ImageData.Containers"],
};

/** @param value shown, and therefore a copy: it is changed */
function leaveOut(value: unknown, [name = "", ...more]: readonly string[]): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) for (const one of value) leaveOut(one, [name, ...more]);
  else if (more.length === 0) Reflect.deleteProperty(value, name);
  else leaveOut((value as Readonly<Record<string, unknown>>)[name], more);
}

export function shownToDeployer(operation: string): Answer | null {
  const answer = answers.get(operation);
  if (answer === undefined) return null;
  const show = (value: unknown): unknown => {
    const shown = answer.mark.show(value);
    for (const place of CONTAINERS[operation] ?? []) leaveOut(shown, place.split("."));
    return shown;
  };
  return { ...answer, mark: { ...answer.mark, show } };
}

/** @param id of the rule */
export const readRule = (id: string): AllowRule => ({
  id,
  covers: ({ name }) => READS.has(name),
  allow: ({ name }) => shownToDeployer(name),
});
